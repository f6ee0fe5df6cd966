//! What a named constraint refuses, as a problem at the field that it is about.

use super::error::Error;
use super::problems::Problems;
use crate::database::fault::Fault;
use crate::i18n::Lang;

/// What becomes of an act that a named constraint refuses.
pub trait OnConstraint<T> {
    /// What is wrong with the field that the constraint is about, where it is one of these: constraint and field.
    ///
    /// # Errors
    /// Every other error as it was.
    fn on_constraint(self, fields: &[(&str, &str)], lang: Lang) -> Result<Result<T, Problems>, Error>;
}

impl<T, E: Into<Error>> OnConstraint<T> for Result<T, E> {
    fn on_constraint(self, fields: &[(&str, &str)], lang: Lang) -> Result<Result<T, Problems>, Error> {
        let problem = match self.map_err(Into::into) {
            Ok(done) => return Ok(Ok(done)),
            Err(problem) => problem,
        };
        let (name, words) = match &problem {
            Error::Database(Fault::Taken(name), _) => (name, "field-taken"),
            Error::Database(Fault::Unfit(name), _) => (name, "field-unfit"),
            _ => return Err(problem),
        };
        let Some((_, field)) = fields.iter().find(|(constraint, _)| *constraint == &**name) else {
            return Err(problem);
        };
        let mut problems = Problems::default();
        problems.add(*field, lang.t(words));
        Ok(Err(problems))
    }
}
