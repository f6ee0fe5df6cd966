//! The two official languages: every word, number and plural that a person reads comes through here.

use std::borrow::{Borrow, Cow};
use std::sync::{LazyLock, PoisonError, RwLock};

use askama::filters::{Html, Safe, escape};
use fluent_bundle::bundle::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use intl_memoizer::concurrent::IntlLangMemoizer;
use rustc_hash::FxHashMap;
use unic_langid::langid;
use utoipa::ToSchema;

use crate::codes::codes;

macro_rules! words {
    ($room:literal) => {
        (
            $room,
            include_str!(concat!("../templates/", $room, "/en.ftl")),
            include_str!(concat!("../templates/", $room, "/fr.ftl")),
        )
    };
}
/// The words, one pair of files a room, beside the room's templates.
pub const WORDS: &[(&str, &str, &str)] = &[
    words!("shared"),
    words!("home"),
    words!("images"),
    words!("departments"),
    words!("demand"),
    words!("rounds"),
    words!("reports"),
    words!("costs"),
    words!("saved"),
    words!("licences"),
    words!("changes"),
    words!("editing"),
    words!("forms"),
    words!("suggestions"),
    words!("requests"),
    words!("check"),
    words!("imports"),
    words!("quality"),
    words!("guidance"),
    words!("content"),
    words!("feedback"),
    words!("people"),
    words!("mail"),
    words!("reminders"),
    words!("watches"),
    words!("api"),
    words!("tokens"),
];

codes! {
    /// An official language: its code stands in addresses, rows and `lang` attributes.
    #[derive(ToSchema)]
    #[schema(rename_all = "lowercase")]
    pub enum Lang("language", code) {
        En("en"),
        Fr("fr"),
    }
}

impl Lang {
    /// Both, English first.
    pub const BOTH: [Lang; 2] = Lang::ALL;

    /// The language of a tag in any case, with or without a region (`fr-CA`).
    pub fn from_tag(tag: &str) -> Option<Lang> {
        Lang::from_code(&tag.trim().get(..2)?.to_ascii_lowercase())
    }

    /// The language that an address is in: the first part of its path.
    pub fn from_path(path: &str) -> Option<Lang> {
        Lang::from_code(path.strip_prefix('/')?.split('/').next()?)
    }

    /// The other official language.
    pub const fn other(self) -> Lang {
        match self {
            Lang::En => Lang::Fr,
            Lang::Fr => Lang::En,
        }
    }

    /// Of two values, the one in this language.
    pub fn of<T>(self, english: T, french: T) -> T {
        match self {
            Lang::En => english,
            Lang::Fr => french,
        }
    }

    /// The words for a key. An unknown key, or one that needs arguments, gives `⟦key⟧`.
    pub fn t(self, key: &str) -> Cow<'static, str> {
        match BOOKS[self as usize].plain.get(key) {
            Some(words) => Cow::Borrowed(words.as_str()),
            None => Cow::Owned(format!("⟦{key}⟧")),
        }
    }

    /// The words for a key, escaped for HTML: for what a page writes again on every row.
    pub fn escaped(self, key: &str) -> Safe<String> {
        escaped(&self.t(key))
    }

    /// The words for a key with its arguments filled in; plurals follow the numbers given.
    pub fn tell(self, key: &str, arguments: &[(&'static str, Word<'_>)]) -> String {
        let Some(numbers) = numbers(arguments) else { return self.tell_anew(key, arguments) };
        let told = &BOOKS[self as usize].told;
        if let Some(words) = told.read().unwrap_or_else(PoisonError::into_inner).get(key, numbers) {
            return words.to_owned();
        }
        let words = self.tell_anew(key, arguments);
        told.write().unwrap_or_else(PoisonError::into_inner).keep(key, numbers, &words);
        words
    }

    fn tell_anew(self, key: &str, arguments: &[(&'static str, Word<'_>)]) -> String {
        let missing = || format!("⟦{key}⟧");
        let bundle = &BOOKS[self as usize].bundle;
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return missing();
        };
        let mut fluent = FluentArgs::new();
        for (name, word) in arguments {
            fluent.set(*name, word.value());
        }
        let mut errors = Vec::new();
        let words = bundle.format_pattern(pattern, Some(&fluent), &mut errors);
        if errors.is_empty() { words.into_owned() } else { missing() }
    }

    /// The words for a key with one argument, named `n`.
    pub fn n(self, key: &str, n: impl Borrow<usize>) -> String {
        self.tell(key, &[("n", Word::Number(*n.borrow()))])
    }

    /// The words for a key with one argument, named `name`.
    pub fn named(self, key: &str, name: impl AsRef<str>) -> String {
        self.tell(key, &[("name", Word::Text(name.as_ref()))])
    }

    /// A whole number that can be below zero: `−1,750`, `−1 750`.
    pub fn signed(self, number: i64) -> String {
        let digits = self.number(usize::try_from(number.unsigned_abs()).unwrap_or(usize::MAX));
        if number < 0 { format!("\u{2212}{digits}") } else { digits }
    }

    /// Canadian dollars from cents: `$1,750.00`, `1 750,00 $`.
    pub fn money(self, cents: i64) -> String {
        let (dollars, rest) = (self.signed(cents / 100), cents.unsigned_abs() % 100);
        let sign = if cents < 0 && cents > -100 { "\u{2212}" } else { "" };
        match self {
            Lang::En => format!("{sign}${dollars}.{rest:02}"),
            Lang::Fr => format!("{sign}{dollars},{rest:02}\u{a0}$"),
        }
    }

    /// A whole number with its thousands set apart: `1,750`, `1 750`.
    pub fn number(self, number: impl Borrow<usize>) -> String {
        let digits = number.borrow().to_string();
        if digits.len() <= 3 {
            return digits;
        }
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 * 2);
        for (place, digit) in digits.char_indices() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(self.of(',', '\u{a0}'));
            }
            grouped.push(digit);
        }
        grouped
    }
}

/// Words escaped for HTML, which templates write as they stand.
pub fn escaped(words: &str) -> Safe<String> {
    let Ok(Safe(escaped)) = escape(words, Html);
    Safe(escaped.to_string())
}

/// What fills a place in a sentence.
#[derive(Clone, Copy, Debug)]
pub enum Word<'a> {
    Text(&'a str),
    Number(usize),
}

impl Word<'_> {
    fn value(&self) -> FluentValue<'_> {
        match self {
            Word::Text(text) => FluentValue::from(*text),
            Word::Number(number) => FluentValue::from(*number),
        }
    }
}

/// One language's words: the bundle, what needs no arguments already written out, and what was told of numbers.
struct Book {
    bundle: FluentBundle<FluentResource, IntlLangMemoizer>,
    plain: FxHashMap<String, String>,
    told: RwLock<Told>,
}

/// The numbers of a sentence, by the names of their places.
type Numbers = [(&'static str, usize); 3];

/// Sentences with no other arguments than numbers as they were last told: the same few are told on page after page.
#[derive(Default)]
struct Told {
    sentences: FxHashMap<String, FxHashMap<Numbers, Box<str>>>,
    kept: usize,
}

/// So many sentences are kept.
const MOST_TOLD: usize = 2_000;

impl Told {
    fn get(&self, key: &str, numbers: Numbers) -> Option<&str> {
        self.sentences.get(key)?.get(&numbers).map(|words| &**words)
    }

    fn keep(&mut self, key: &str, numbers: Numbers, words: &str) {
        if self.kept >= MOST_TOLD {
            *self = Told::default();
        }
        self.kept += 1;
        self.sentences.entry(key.to_owned()).or_default().insert(numbers, words.into());
    }
}

/// The numbers of a sentence that has at most three arguments and no text.
fn numbers(arguments: &[(&'static str, Word<'_>)]) -> Option<Numbers> {
    let mut numbers = [("", 0); 3];
    for (place, (name, word)) in arguments.iter().enumerate() {
        match word {
            Word::Number(number) => *numbers.get_mut(place)? = (name, *number),
            Word::Text(_) => return None,
        }
    }
    Some(numbers)
}

static BOOKS: LazyLock<[Book; 2]> = LazyLock::new(|| Lang::BOTH.map(open_book));

fn open_book(lang: Lang) -> Book {
    let mut bundle = FluentBundle::new_concurrent(vec![lang.of(langid!("en-CA"), langid!("fr-CA"))]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(lang.of(format_english, format_french)));
    let mut keys = Vec::new();
    for (_, english, french) in WORDS {
        let source = lang.of(*english, *french);
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _errors)| resource);
        keys.extend(keys_of(source).map(str::to_owned));
        bundle.add_resource_overriding(resource);
    }
    let mut plain = FxHashMap::default();
    for key in keys {
        let mut errors = Vec::new();
        let words = bundle
            .get_message(&key)
            .and_then(|message| message.value())
            .map(|pattern| bundle.format_pattern(pattern, None, &mut errors).into_owned());
        if let (Some(words), true) = (words, errors.is_empty()) {
            plain.insert(key, words);
        }
    }
    Book { bundle, plain, told: RwLock::default() }
}

/// The keys that a file of words defines, in order.
pub fn keys_of(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| Some(line.split_once('=')?.0.trim_end()))
}

fn format_english(value: &FluentValue, _: &IntlLangMemoizer) -> Option<String> {
    grouped(Lang::En, value)
}

fn format_french(value: &FluentValue, _: &IntlLangMemoizer) -> Option<String> {
    grouped(Lang::Fr, value)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // only counts come here
fn grouped(lang: Lang, value: &FluentValue) -> Option<String> {
    match value {
        FluentValue::Number(FluentNumber { value, .. }) => Some(lang.number(*value as usize)),
        _ => None,
    }
}
