//! What a form with a file sent: its fields as typed, and the file with a name that people can read.

use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

use super::error::Error;
use super::extract::{self, storable};
use super::form::Form;
use crate::i18n::Lang;

/// Letters of a file's name that are kept.
const LONGEST_NAME: usize = 200;
/// Fields that are read beside the file.
const MOST_FIELDS: usize = 50;

/// A form that may have a file in its field `file`.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    pub form: Form,
    /// The file's name and bytes, where one that is not empty was sent.
    pub file: Option<(String, Vec<u8>)>,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Error;

    /// Takes a form with or without files. What is neither has no fields.
    async fn from_request(request: Request, state: &S) -> Result<Upload, Error> {
        let lang = extract::language(&request);
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("multipart/") {
            return match Form::read(request).await {
                Ok(form) => Ok(Upload { form, file: None }),
                Err(Error::BadAddress(_) | Error::Problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, ..)) => {
                    Ok(Upload::default())
                }
                Err(refused) => Err(refused),
            };
        }
        match Multipart::from_request(request, state).await {
            Ok(parts) => read(parts, lang).await,
            Err(_) => Ok(Upload::default()),
        }
    }
}

async fn read(mut parts: Multipart, lang: Lang) -> Result<Upload, Error> {
    let wrong = |problem: MultipartError| match problem.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::BadForm,
    };
    let (mut fields, mut file) = (Vec::new(), None);
    while let Some(field) = parts.next_field().await.map_err(wrong)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let file_name = plain_name(field.file_name().unwrap_or_default());
            let bytes = field.bytes().await.map_err(wrong)?.to_vec();
            file = file.or((!bytes.is_empty()).then_some((file_name, bytes)));
        } else {
            fields.push((name, field.text().await.map_err(wrong)?));
        }
        if fields.len() > MOST_FIELDS {
            return Err(Error::TooLarge);
        }
    }
    Ok(Upload { form: Form::new(storable(lang, fields)?), file })
}

/// A file's name without folders and without letters that nobody can see.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let plain: String = last.chars().filter(|letter| !is_hidden(*letter)).take(LONGEST_NAME).collect();
    Some(plain.trim().to_owned()).filter(|name| !name.is_empty()).unwrap_or_else(|| "file".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_is_one_that_people_can_read() {
        assert_eq!(plain_name("C:\\Temp\\page.md"), "page.md");
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("vsc.\u{202e}dm\r\n\0.csv"), "vsc.dm.csv");
        assert_eq!(plain_name(" / "), "file");
        assert_eq!(plain_name(&"é".repeat(300)).chars().count(), LONGEST_NAME);
    }
}
