//! The whole catalogue at one version, in memory: made anew or from what an act changed, searched, filtered, ordered and
//! counted.

mod alike;
mod assemble;
pub mod bits;
mod build;
pub mod contents;
mod counts;
mod delta;
mod demand;
pub mod dictionary;
pub mod facets;
pub mod image;
pub mod line;
pub mod names;
pub mod need;
pub mod order;
mod pieces;
mod resolve;
pub mod search;
mod sourced;
pub mod view;
