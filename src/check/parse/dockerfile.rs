//! The images that a Dockerfile names: what its stages stand on, copy from and mount.

use std::collections::{HashMap, HashSet};

use parse_dockerfile::{ArgInstruction, Flag, FromInstruction, Instruction};

use super::variables::{Filled, fill};
use super::{Collected, Unreadable};

/// What is not an image though it stands where one does.
const NO_IMAGE: &str = "scratch";

/// Reads a Dockerfile.
pub fn read(text: &str, found: &mut Collected) -> Result<(), Unreadable> {
    let file = parse_dockerfile::parse(text).map_err(|problem| match problem.line() {
        0 => Unreadable::NoStage,
        line => Unreadable::Dockerfile(line),
    })?;
    let line_ends = text.match_indices('\n').map(|(at, _)| at).collect();
    let mut reader = Reader { line_ends, found, given: HashMap::new(), stages: HashSet::new(), is_in_stage: false };
    file.instructions.iter().try_for_each(|instruction| reader.instruction(instruction))
}

struct Reader<'f> {
    /// Where lines end, in bytes.
    line_ends: Vec<usize>,
    found: &'f mut Collected,
    /// Values of the `ARG`s before the first `FROM`, where they have one.
    given: HashMap<String, Filled>,
    /// Names of the stages so far, in small letters.
    stages: HashSet<String>,
    is_in_stage: bool,
}

impl Reader<'_> {
    fn instruction(&mut self, instruction: &Instruction) -> Result<(), Unreadable> {
        match instruction {
            Instruction::Arg(arg) if !self.is_in_stage => return self.argument(arg),
            Instruction::From(from) => return self.stage(from),
            Instruction::Copy(copy) => return self.copied(&copy.options),
            Instruction::Run(run) => return self.mounted(&run.options),
            Instruction::Onbuild(later) => return self.instruction(&later.instruction),
            _ => {}
        }
        Ok(())
    }

    /// `ARG NAME=value OTHER`: an argument without a value is given by who builds.
    fn argument(&mut self, arg: &ArgInstruction) -> Result<(), Unreadable> {
        for word in words(&arg.arguments.value) {
            if let Some((name, value)) = word.split_once('=') {
                let value = self.filled(value, arg.arguments.span.start)?;
                self.given.insert(name.to_owned(), value);
            }
        }
        Ok(())
    }

    fn stage(&mut self, from: &FromInstruction) -> Result<(), Unreadable> {
        self.is_in_stage = true;
        self.image(&from.image.value, from.image.span.start)?;
        self.stages.extend(from.as_.as_ref().map(|(_, name)| name.value.to_lowercase()));
        Ok(())
    }

    fn copied(&mut self, options: &[Flag]) -> Result<(), Unreadable> {
        let from = options.iter().filter(|option| option.name.value == "from");
        from.filter_map(|option| option.value.as_ref()).try_for_each(|from| self.source(&from.value, from.span.start))
    }

    /// `RUN --mount=type=bind,from=image`.
    fn mounted(&mut self, options: &[Flag]) -> Result<(), Unreadable> {
        let mounts = options.iter().filter(|option| option.name.value == "mount");
        for mount in mounts.filter_map(|option| option.value.as_ref()) {
            if let Some(from) = mount.value.split(',').find_map(|part| part.trim().strip_prefix("from=")) {
                self.source(from, mount.span.start)?;
            }
        }
        Ok(())
    }

    /// Where something is taken from: a stage by its name or number, or else an image.
    fn source(&mut self, written: &str, at: usize) -> Result<(), Unreadable> {
        if written.bytes().all(|byte| byte.is_ascii_digit()) { Ok(()) } else { self.image(written, at) }
    }

    fn image(&mut self, written: &str, at: usize) -> Result<(), Unreadable> {
        let image = self.filled(unquoted(written), at)?;
        if image.text == NO_IMAGE || self.stages.contains(&image.text.to_lowercase()) {
            return Ok(());
        }
        self.found.add(image, self.line(at))
    }

    fn filled(&mut self, text: &str, at: usize) -> Result<Filled, Unreadable> {
        let filled = fill(text, &self.given, &mut self.found.budget);
        filled.map_err(|spent| Unreadable::Spent(self.line(at), spent))
    }

    /// The line, from 1, in which a byte stands.
    fn line(&self, at: usize) -> usize {
        self.line_ends.partition_point(|end| *end < at) + 1
    }
}

/// The words of an `ARG`, without the quotes about them or about their values.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in text.chars() {
        match quote {
            Some(open) if letter == open => quote = None,
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None if letter.is_whitespace() => words.push(String::new()),
            _ => words.last_mut().into_iter().for_each(|word| word.push(letter)),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn unquoted(text: &str) -> &str {
    let within = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).unwrap_or(text)
}
