//! Where pages lead that do not know the rooms which answer there.

use super::address::encode;
use super::routes::Route;
use crate::i18n::Lang;

/// The addresses to which pages of several rooms lead.
#[derive(Debug)]
pub struct Links {
    pub home: Route,
    /// Where feedback is given; the footer's link to it says from which page.
    pub feedback: Route,
    /// Where one signs in, sees one's own account, and signs out.
    pub sign_in: Route,
    pub account: Route,
    pub sign_out: Route,
    /// Where managers save what a report shows.
    pub save_report: Route,
    /// Where an image is asked for.
    pub ask: Route,
    /// Where a correction of an image is suggested.
    pub suggest: Route,
    /// Where an image or a department is followed by mail.
    pub follow: Route,
    /// How many departments need which images.
    pub demand: Route,
    /// Where staff edit an image.
    pub edit_image: Route,
    /// Where staff renew what has to be renewed.
    pub renewals: Route,
}

impl Links {
    /// The address where an image is asked for, with its name filled in.
    pub fn ask_for(&self, image: &str, lang: Lang) -> String {
        Links::about(self.ask, image, lang)
    }

    pub(super) fn about(route: Route, image: &str, lang: Lang) -> String {
        let path = route.pattern(lang);
        if image.is_empty() { path.to_owned() } else { format!("{path}?image={}", encode(image)) }
    }
}
