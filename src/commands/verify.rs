//! `verify`: builds the catalogue up from the record of changes alone and holds it against what is kept.

use anyhow::bail;
use image_catalogue::catalogue::store::history;
use image_catalogue::config::Settings;
use image_catalogue::database::embedded::Mode;
use image_catalogue::requests;

/// Differences that are printed.
const MOST: usize = 20;

/// Compares the record with the catalogue.
///
/// # Errors
/// Every image that differs, a line each.
pub async fn verify(settings: &Settings) -> anyhow::Result<()> {
    let database = super::open(settings, Mode::Join).await?;
    let compared = history::verify(&database.pool).await;
    let requests = requests::verify(&database.pool).await;
    database.close().await?;
    let (compared, (asked, disagreeing)) = (compared?, requests?);
    for sentence in disagreeing.iter().take(MOST) {
        println!("{sentence}");
    }
    if compared.differing.is_empty() {
        println!(
            "The record of {} changes gives back all {} images and {} lines as they are.",
            compared.changes, compared.images, compared.lines
        );
    }
    if compared.differing.is_empty() && disagreeing.is_empty() {
        println!("What departments asked for stands as its lines do (images asked for: {asked}).");
        return Ok(());
    }
    for difference in compared.differing.iter().take(MOST) {
        println!("{difference}");
    }
    if compared.differing.is_empty() {
        bail!("Requests that say something else than the catalogue: {}. Decide them again.", disagreeing.len())
    }
    bail!(
        "Images that are not what the record tells: {}. Something wrote to the tables beside the program.",
        compared.differing.len()
    )
}
