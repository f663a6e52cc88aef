//! A spray: one password is tried on many accounts, from a few addresses in turn.

use serde::Deserialize;

use super::client::Client;
use super::sign_in::Outcome;
use super::sign_in_wire::Attempt;
use super::stage::Stage;
use crate::story_time::{MINUTE, SECOND};

/// A spray.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spray {
    /// Places whose addresses take turns.
    pub(crate) from: Vec<String>,
    /// With which program.
    pub(crate) client: Client,
    /// Rounds over all people.
    pub(crate) rounds: u32,
    /// Minutes from one round to the next.
    pub(crate) pause: i64,
}

impl Spray {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let people = stage.here().users.len();
        let mut turn = 0;
        for round in 0..self.rounds {
            let mut at = stage.now + i64::from(round) * self.pause * MINUTE;
            for user in 0..people {
                at += stage.chance.between(2, 25) * SECOND;
                let name = &self.from[turn % self.from.len()];
                let place = stage.place(name, user)?;
                turn += 1;
                if stage.intruding() {
                    stage.truth.addresses.insert(place.address.clone());
                }
                let locked = round > 2 && stage.chance.chance(15);
                let mut attempt = Attempt::new(stage, user, place, self.client);
                attempt.outcome = if locked {
                    Outcome::Locked
                } else {
                    Outcome::WrongPassword
                };
                attempt.write(stage, at);
            }
        }
        Ok(())
    }
}
