//! The language that a visitor prefers.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE};

use crate::i18n::Lang;

/// The language that a visitor prefers: the one chosen before (cookie `lang`), or else the browser's first. Of a program that
/// says who it is no cookie counts.
pub fn preferred(headers: &HeaderMap) -> Option<Lang> {
    let text = |name| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let chosen = text(COOKIE)
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| Lang::from_tag(cookie.trim().strip_prefix("lang=")?));
    chosen.filter(|_| !headers.contains_key(AUTHORIZATION)).or_else(|| {
        let accepted = text(ACCEPT_LANGUAGE).flat_map(|list| list.split(','));
        let weighed = accepted.filter_map(|entry| {
            let (tag, weight) = entry.split_once(";q=").unwrap_or((entry, "1"));
            let primary = tag.trim().split('-').next().filter(|primary| primary.len() == 2)?;
            Some((Lang::from_tag(primary)?, weight.trim().parse::<f32>().ok()?))
        });
        let wanted = weighed.filter(|(_, weight)| *weight > 0.0);
        wanted.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(lang, _)| lang)
    })
}
