//! A name typed in a form: which image it is understood as, shown and confirmed before anything is written.

use crate::catalogue::address::IMAGE;
use crate::catalogue::snapshot::contents::Snapshot;
use crate::catalogue::snapshot::image::Image;
use crate::catalogue::snapshot::names::{Meaning, Why};
use crate::i18n::{Lang, Word};
use crate::text::key;
use crate::web::form::Form;
use crate::web::problems::Problems;

/// What begins the names of the fields that confirm how names are understood.
const FIELD: &str = "meant";
/// In the place of an image's number: none of them, it is a new image.
const NEW: &str = "new";
/// Letters of a typed name that a sentence repeats.
const LONGEST: usize = 200;

/// How a typed name that is not an image's own is understood: what a page shows, and what its form sends to confirm it.
#[derive(Clone, Debug)]
pub struct Meant {
    /// The name of the form's field that confirms.
    pub field: String,
    /// What was typed and why it leads there, in a sentence.
    pub words: String,
    /// What it can mean: one image, or several of which a person chooses one.
    pub offers: Vec<Offer>,
}

/// One image that a name can mean, or a new one.
#[derive(Clone, Debug)]
pub struct Offer {
    pub value: String,
    pub name: String,
    /// None: a new image.
    pub address: Option<String>,
    pub chosen: bool,
}

impl Meant {
    /// Whether there is a choice, so that a person has to make it.
    pub fn is_choice(&self) -> bool {
        self.offers.len() > 1
    }
}

/// A typed name, read.
#[derive(Debug)]
pub struct Typed<'s> {
    /// The image; none: no image is called so, or it is to be a new one.
    pub image: Option<&'s Image>,
    /// How it is understood, where that is not plain.
    pub meant: Option<Meant>,
    /// Whether nothing has to be confirmed before it is written.
    pub is_settled: bool,
}

/// Reads typed names of a form.
pub struct Reader<'r, 's> {
    pub snapshot: &'s Snapshot,
    pub form: &'r Form,
    pub lang: Lang,
    /// Whether a name that no image has as its own may be given to a new one.
    pub may_add: bool,
}

impl<'s> Reader<'_, 's> {
    /// Reads one name. An image's own name goes without saying; every other one is shown with what it leads to, and
    /// settled once the form confirms it.
    pub fn read(&self, field: &str, typed: &str) -> Typed<'s> {
        let Some(meaning) = self.snapshot.meaning(typed) else {
            return Typed { image: None, meant: None, is_settled: true };
        };
        if let (Why::Name, Some(image)) = (meaning.why, meaning.only()) {
            return Typed { image: self.snapshot.image(image), meant: None, is_settled: true };
        }
        let chosen = self.chosen(&meaning, typed);
        let first = chosen.clone().or_else(|| meaning.images.first().map(ToString::to_string));
        let image = first.as_deref().and_then(|id| id.parse().ok()).and_then(|id| self.snapshot.image(id));
        let meant = self.meant(field, typed, &meaning, first.as_deref());
        Typed { image, meant: Some(meant), is_settled: chosen.is_some() }
    }

    /// Reads one name, and adds a problem where it has to be confirmed.
    pub fn settle(&self, field: &str, typed: &str, problems: &mut Problems) -> Typed<'s> {
        let read = self.read(field, typed);
        if !read.is_settled {
            let typed: String = typed.chars().take(LONGEST).collect();
            problems.add(field, self.lang.named("meant-confirm", typed));
        }
        read
    }

    /// What the form says that a name means.
    fn chosen(&self, meaning: &Meaning, typed: &str) -> Option<String> {
        let name = key(typed);
        let confirmed = self.form.fields().iter().filter(|(field, _)| field.starts_with(FIELD));
        let choices = confirmed.filter_map(|(_, value)| value.split_once(':')).filter(|(_, of)| *of == name);
        let is_offered = |choice: &str| {
            (self.may_add && choice == NEW) || choice.parse().is_ok_and(|id| meaning.images.contains(&id))
        };
        choices.map(|(choice, _)| choice.to_owned()).find(|choice| is_offered(choice))
    }

    fn meant(&self, field: &str, typed: &str, meaning: &Meaning, chosen: Option<&str>) -> Meant {
        let name = key(typed);
        let offer = |choice: String, name_of: String, address| Offer {
            chosen: chosen == Some(choice.as_str()),
            value: format!("{choice}:{name}"),
            name: name_of,
            address,
        };
        let images = meaning.images.iter().filter_map(|id| self.snapshot.image(*id));
        let mut offers: Vec<Offer> = images
            .map(|image| offer(image.id.to_string(), image.name.to_string(), Some(IMAGE.with(self.lang, &image.slug))))
            .collect();
        if self.may_add {
            offers.push(offer(NEW.to_owned(), self.lang.named("meant-new", typed), None));
        }
        let shown: String = typed.chars().take(LONGEST).collect();
        let why = meaning.why.label(self.lang);
        let words = [("name", Word::Text(&shown)), ("why", Word::Text(&why))];
        let sentence = if offers.len() > 1 { "meant-which" } else { "meant-one" };
        Meant { field: format!("{FIELD}-{field}"), words: self.lang.tell(sentence, &words), offers }
    }
}
