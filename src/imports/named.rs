//! Names of a file that are not the present name of an image: what each is taken for, and which a person has to confirm.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::catalogue::snapshot::names::{InFile, Meaning, Names, Why, resolve_for_import};
use crate::catalogue::store::db::ImageRow;
use crate::files::{Problem, ProblemKind};
use crate::i18n::{Lang, Word};
use crate::imports::base::Base;
use crate::text::key;

/// In the place of an address: the name is that of a new image.
const NEW: &str = "new";

/// Which image somebody says that a name of the file means: `Python=python-3`, or `Python=new`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageChoice {
    pub name: String,
    /// The image's address; none: a new image of this name.
    pub address: Option<String>,
}

impl ImageChoice {
    /// Reads a choice as people and forms write it.
    pub fn parse(text: &str) -> Option<ImageChoice> {
        let (name, address) = text.rsplit_once('=')?;
        let (name, address) = (name.trim(), address.trim());
        let address_given = Some(address.to_owned()).filter(|address| address != NEW);
        (!name.is_empty() && !address.is_empty()).then(|| ImageChoice { name: name.to_owned(), address: address_given })
    }

    /// As [`ImageChoice::parse`] reads it.
    pub fn text(&self) -> String {
        format!("{}={}", self.name, self.address.as_deref().unwrap_or(NEW))
    }
}

/// A name of the file that leads to images which are called otherwise now.
#[derive(Clone, Debug)]
pub struct Named {
    /// As its first row has it.
    pub name: String,
    pub why: Why,
    /// The images that it can mean: address and present name.
    pub images: Vec<(String, String)>,
    /// What somebody said.
    pub choice: Option<ImageChoice>,
    /// The present name of an image with which rows stay that say what they said before, whatever was chosen.
    pub stays: Option<String>,
    /// A row follows the choice.
    pub is_followed: bool,
    /// Rows that say something are not written before somebody says which image is meant.
    pub is_open: bool,
}

impl Named {
    /// Every choice that there is, with its image's present name; the last one is a new image.
    pub fn offers(&self) -> Vec<(ImageChoice, Option<&str>)> {
        let choice = |address: Option<&String>| ImageChoice { name: self.name.clone(), address: address.cloned() };
        let images = self.images.iter().map(|(address, name)| (choice(Some(address)), Some(&**name)));
        images.chain([(choice(None), None)]).collect()
    }

    /// What the name is taken for, or that somebody has to say so, in a sentence.
    pub fn in_words(&self, lang: Lang) -> String {
        let images: Vec<&str> = self.images.iter().map(|(_, name)| &**name).collect();
        let taken = self.choice.as_ref().and_then(|choice| {
            self.images.iter().find(|(address, _)| Some(address) == choice.address.as_ref()).map(|(_, name)| &**name)
        });
        let key = match (&self.choice, taken) {
            (None, _) => "import-name-open",
            (Some(_), Some(_)) => "import-name-taken",
            (Some(_), None) => "import-name-new",
        };
        let stays = self
            .stays
            .as_ref()
            .map(|now| lang.tell("import-name-stays", &[("name", Word::Text(&self.name)), ("now", Word::Text(now))]));
        if !self.is_followed
            && let Some(stays) = stays
        {
            return stays;
        }
        let (why, now) = (self.why.label(lang), taken.map_or_else(|| images.join(", "), str::to_owned));
        let said =
            lang.tell(key, &[("name", Word::Text(&self.name)), ("now", Word::Text(&now)), ("why", Word::Text(&why))]);
        [Some(said), stays].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The options by which a command or a program says which image is meant.
    pub fn options(&self) -> Vec<String> {
        self.offers().into_iter().map(|(choice, _)| choice.text()).collect()
    }
}

/// What a name of the file is taken for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    /// None: a new image.
    pub image: Option<i64>,
    /// The place of its question, where a person is asked.
    pub asked: Option<usize>,
}

/// Says what the names of a file mean that no image has as its present one.
#[derive(Debug, Default)]
pub struct Namer {
    names: Names,
    /// The images that are there: address, present name, and its key.
    present: HashMap<i64, (String, String, String)>,
    /// The names that the file has.
    in_file: HashSet<String>,
    choices: HashMap<String, ImageChoice>,
    followed: HashSet<String>,
    taken: HashMap<String, Taken>,
    pub asked: Vec<Named>,
    /// Names that images are known by from now on.
    pub learned: Vec<(i64, String)>,
}

impl Namer {
    /// Without names nothing is looked up: every name of the file is an image's present one, or there is no image.
    pub fn new<'n>(
        names: Names,
        images: &[ImageRow],
        in_file: impl Iterator<Item = &'n str>,
        choices: &[ImageChoice],
    ) -> Namer {
        let is_needed = !names.is_empty();
        let present = |image: &ImageRow| (image.id, (image.slug.clone(), image.name.clone(), image.key.clone()));
        Namer {
            names,
            present: images.iter().filter(|_| is_needed).map(present).collect(),
            in_file: in_file.filter(|_| is_needed).map(key).collect(),
            choices: choices.iter().map(|choice| (key(&choice.name), choice.clone())).collect(),
            ..Namer::default()
        }
    }

    /// Whether the file has names that are not present ones.
    pub fn is_needed(&self) -> bool {
        !self.names.is_empty()
    }

    /// An image's present name.
    pub fn present(&self, image: i64) -> Option<&str> {
        self.present.get(&image).map(|(_, name, _)| &**name)
    }

    /// The images that the registry calls so: address and present name.
    pub fn in_registry(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        let images = self.names.in_registry(name).filter_map(|image| self.present.get(&image));
        images.map(|(slug, name, _)| (&**slug, &**name))
    }

    /// Notes that a name is an image's present one: a choice that says so, or that said that it is new, is followed.
    pub fn note_present(&mut self, key: &str, address: &str) {
        let agrees = |choice: &ImageChoice| choice.address.as_ref().is_none_or(|chosen| chosen == address);
        if self.choices.get(key).is_some_and(agrees) {
            self.followed.insert(key.to_owned());
        }
    }

    /// What a name is taken for that no image has as its present one.
    pub fn take(&mut self, name: &str, key: &str, base: &Base) -> Taken {
        if !self.is_needed() && self.choices.is_empty() {
            return Taken::default(); // nothing is kept of a file whose names are all new
        }
        if let Some(taken) = self.taken.get(key) {
            return *taken;
        }
        let taken = self.look(name, key, base);
        self.taken.insert(key.to_owned(), taken);
        taken
    }

    fn look(&mut self, name: &str, key: &str, base: &Base) -> Taken {
        let new = Taken::default();
        let at = |address: &String| self.present.iter().find(|(_, (slug, ..))| slug == address).map(|(id, _)| *id);
        // Where no image is at that address, the choice is not followed, and the name is asked about as before.
        let is_there = |choice: &&ImageChoice| choice.address.as_ref().is_none_or(|address| at(address).is_some());
        let choice = self.choices.get(key).filter(is_there).cloned();
        let before = || base.image_named(key).filter(|id| self.present.contains_key(id));
        let meaning = match resolve_for_import(&self.names, name) {
            InFile::Known(image) if choice.is_none() => return Taken { image: Some(image), ..new },
            InFile::Known(image) => Some(Meaning { why: Why::Other, images: vec![image] }),
            InFile::Proposed(meaning) => Some(meaning),
            InFile::New => before().map(|image| Meaning { why: Why::Former, images: vec![image] }),
        };
        // Where the file has an image by its present name too, another name in it is hardly that image's.
        let is_named = |image: &i64| self.present.get(image).is_some_and(|(.., key)| self.in_file.contains(key));
        let images: Vec<i64> = meaning.iter().flat_map(|meaning| &meaning.images).copied().collect();
        let images: Vec<i64> = images.into_iter().filter(|image| choice.is_some() || !is_named(image)).collect();
        let chosen = choice.as_ref().map(|choice| choice.address.as_ref().and_then(at));
        let image = match chosen {
            Some(None) => None,
            Some(Some(image)) => Some(image),
            None => images.first().copied(),
        };
        self.followed.extend(choice.as_ref().map(|_| key.to_owned()));
        if image.is_none() && images.is_empty() {
            return new;
        }
        let is_known = meaning.as_ref().is_some_and(|meaning| meaning.why == Why::Other);
        let is_known = |image: &i64| is_known && images.contains(image);
        if let Some(image) = image.filter(|image| choice.is_some() && !is_known(image)) {
            self.learned.push((image, name.to_owned()));
        }
        let shown = images.iter().copied().chain(image.filter(|image| !images.contains(image)));
        let shown = shown.filter_map(|id| self.present.get(&id)).map(|(slug, name, _)| (slug.clone(), name.clone()));
        let why = meaning.map_or(Why::Other, |meaning| meaning.why);
        let named = Named {
            name: name.to_owned(),
            why,
            images: shown.collect(),
            choice,
            stays: None,
            is_followed: false,
            is_open: false,
        };
        self.asked.push(named);
        Taken { image, asked: Some(self.asked.len() - 1) }
    }

    /// Whether a name's rows wait for somebody to say which image it means.
    pub fn waits(&self, taken: Taken) -> bool {
        taken.asked.is_some_and(|place| self.asked[place].choice.is_none())
    }

    /// Notes that a row follows what was chosen, or stays with an image all the same.
    pub fn note(&mut self, taken: Taken, stays_with: Option<i64>) {
        let stays = stays_with.and_then(|image| self.present(image)).map(str::to_owned);
        if let Some(named) = taken.asked.map(|place| &mut self.asked[place]) {
            named.is_followed |= stays.is_none();
            named.stays = named.stays.take().or(stays);
        }
    }

    /// Notes that a row waits.
    pub fn wait(&mut self, taken: Taken) {
        if let Some(place) = taken.asked {
            self.asked[place].is_open = true;
        }
    }

    /// Choices that could not be followed: the file has no such name, it is an image's present one, or no image is there.
    pub fn unfollowed(&self) -> Vec<Problem> {
        let wrong = self.choices.iter().filter(|(key, _)| !self.followed.contains(*key));
        let mut texts: Vec<String> = wrong.map(|(_, choice)| choice.text()).collect();
        texts.sort_unstable();
        texts.into_iter().map(|text| Problem { line: None, kind: ProblemKind::ImageChoice { text } }).collect()
    }

    /// The questions that somebody answered or has to answer, and the names that were taken for images without one: as the
    /// file has them, and as the images are called now.
    pub fn end(&mut self) -> (Vec<Named>, Vec<(String, String)>) {
        let (asked, plain): (Vec<Named>, Vec<Named>) =
            std::mem::take(&mut self.asked).into_iter().partition(|named| named.is_open || named.choice.is_some());
        let now = |named: Named| Some((named.name, named.images.into_iter().next()?.1));
        (asked, plain.into_iter().filter_map(now).collect())
    }
}

/// What a name that is not open is taken for, beside its rows.
pub fn called(now: &str, is_open: bool, lang: Lang) -> Cow<'static, str> {
    Cow::Owned(lang.named(if is_open { "import-row-open" } else { "import-row-called" }, now))
}
