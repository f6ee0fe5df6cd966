//! After its commit every act of the site is answered with success, in time, whatever happens then: the way to the
//! database breaks, the database says nothing any more, or who sent it goes away.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::acts::act_everywhere;
use crate::breaking::{After, breaking};
use crate::support::Site;
use crate::walk::{Fault, Walk};
use crate::world::fill;

/// Acts of one statement, which is its own commit: how each ends.
const ONE_STATEMENT: [&str; 5] = ["costs enter", "reminders add", " confirm", " stop", " end-all"];

async fn walk_with(after: After, leaves: bool) {
    let filled = Site::with_cast().await;
    let private = fill(&filled).await;
    let (site, breaker) = breaking(&filled, after).await;
    let mut walk = Walk::new(&site, private, Some(Fault { breaker: Arc::clone(&breaker), leaves })).await;
    act_everywhere(&mut walk).await;
    assert!(walk.failed.is_empty(), "{:#?}", walk.failed);
    walk.untouched.retain(|act| !ONE_STATEMENT.iter().any(|end| act.ends_with(end)));
    assert!(walk.untouched.is_empty(), "{:#?}", walk.untouched);
    let struck = breaker.struck.load(Ordering::SeqCst);
    assert!(struck > 45, "{struck}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_is_answered_with_success_though_nothing_can_be_read_after_its_commit() {
    walk_with(After::Breaks, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_is_answered_with_success_in_time_though_reading_takes_for_ever_after_its_commit() {
    walk_with(After::Stands, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_is_written_once_though_who_sent_it_goes_away_after_its_commit_and_sends_it_again() {
    walk_with(After::Stands, true).await;
}
