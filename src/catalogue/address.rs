//! Where an image is found: its page's address is the same for every room that leads to it.

use crate::web::routes::Route;

pub const IMAGE: Route = Route::new("/en/images/{slug}", "/fr/images/{slug}");
