//! What the frame of all pages needs.

use super::assets::Assets;
use super::banner::Banners;
use super::links::Links;
use super::room::Entry;
use super::visitor::Role;
use crate::config::Branding;
use crate::web::signer::Signer;

/// What the frame of all pages needs, the same for every visit.
#[derive(Debug)]
pub struct Shell {
    pub branding: Branding,
    /// The address before every path, for what leaves the site.
    pub origin: String,
    pub assets: Assets,
    /// What stands at the top of every page for the time being.
    pub banners: Banners,
    /// What the keys of forms are signed with.
    pub signer: Signer,
    /// The ways around, in the order of the menu: the words' key and the page.
    pub menu: Vec<Entry>,
    /// What those who have signed in find besides, from which role on.
    pub staff_menu: Vec<(Entry, Role)>,
    /// What the footer offers.
    pub footer: Vec<Entry>,
    /// Where pages lead that do not know the room which answers there.
    pub links: Links,
    /// Whether a mail server is set: without one no letter leaves.
    pub sends_mail: bool,
}
