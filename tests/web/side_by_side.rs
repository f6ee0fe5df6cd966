//! No page has two texts of which one button sends only one: what is typed is never lost by the other's button.

use image_catalogue::web::visitor::Role;

use crate::support::Site;
use crate::world::{addresses, fill, forms};

#[tokio::test]
async fn no_page_has_two_forms_with_texts_side_by_side() {
    let site = Site::with_cast().await;
    let [request, feedback] = fill(&site).await;
    let admin = site.sign_in(Role::Administrator).await;
    let mut all = addresses(admin.account);
    all.extend([request.clone(), feedback, request.replacen('?', "/modifier?", 1)]);
    let mut texts = 0;
    for address in all {
        for page in [site.get(&address).await, admin.get(&address).await] {
            if !page.status.is_success() || !page.header("content-type").starts_with("text/html") {
                continue;
            }
            let selector = "input:not([type]), input[type=text], input[type=search], input[type=email], textarea";
            let html = page.page();
            let form = scraper::Selector::parse("main form").unwrap();
            let text = scraper::Selector::parse(selector).unwrap();
            let with_texts =
                html.select(&form).filter(|form| form.select(&text).any(|field| field.value().attr("name").is_some()));
            let count = with_texts.count();
            assert!(count <= 1, "{address}: {count} forms side by side have texts");
            texts += count;
            let posted = forms(&page);
            assert!(posted.len() < 40, "{address}");
        }
    }
    assert!(texts > 40, "the sweep sees the forms: {texts}");
}
