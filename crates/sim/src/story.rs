//! Telling a story: from its name to a world.
//!
//! A story is a file of `stories/`: who plays whom, which places there are, and steps in time,
//! each one verb. It is laid over ordinary life.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::life::Life;
use crate::office::found;
use crate::person::Place;
use crate::record::Micros;
use crate::seed::Seed;
use crate::story_time::{DAY, HOUR, MINUTE, SECOND, midnight, workday};
use crate::verbs::{Act, Hand, Stage, Verb};
use crate::world::World;

static STORIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/stories");

/// How large a world is, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorldOptions {
    /// Where chance comes from.
    pub seed: u64,
    /// People in each tenant; eight at least are hired.
    pub people: usize,
    /// Tenants; one at least is founded.
    pub tenants: usize,
    /// The first moment; it is moved back to a midnight in UTC.
    pub began: Micros,
    /// Days that are told; a story needs at least its own.
    pub days: u32,
}

impl Default for WorldOptions {
    /// Three weeks of March 2026 in one company of twelve.
    fn default() -> Self {
        Self {
            seed: 1,
            people: 12,
            tenants: 1,
            began: 1_772_409_600_000_000,
            days: 19,
        }
    }
}

/// Why a story cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// There is no such story.
    #[error("find a story named `{0}`")]
    Unknown(String),
    /// A story is not written as one.
    #[error("read the story `{story}`")]
    Unreadable {
        /// Which.
        story: String,
        /// Why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A step cannot be played.
    #[error("play the step at {step} of the story `{story}`: {why}")]
    Step {
        /// Which story.
        story: String,
        /// When it should happen.
        step: String,
        /// Why it cannot.
        why: String,
    },
}

/// A story as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    /// One sentence.
    about: String,
    /// Who plays whom: `Finance 2` is the second person of that department.
    #[serde(default)]
    cast: BTreeMap<String, String>,
    /// Places besides offices and homes.
    #[serde(default)]
    places: BTreeMap<String, ScriptPlace>,
    /// What happens.
    #[serde(default)]
    step: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptPlace {
    address: String,
    city: String,
    state: String,
    country: String,
    network: u32,
    latitude: f64,
    longitude: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// `day 8 09:31`, or with seconds: the eighth workday, in UTC.
    at: String,
    /// By whose hand.
    #[serde(default)]
    by: Hand,
    /// What.
    does: Verb,
}

/// Returns the names of all stories and what each is about.
#[must_use]
pub fn stories() -> Vec<(String, String)> {
    let mut stories: Vec<_> = STORIES
        .files()
        .filter_map(|file| {
            let name = file.path().file_stem()?.to_str()?.to_owned();
            let script = read(&name).ok()?;
            Some((name, script.about))
        })
        .collect();
    stories.sort();
    stories
}

impl World {
    /// Tells a story: the same name and options give the same world, byte for byte.
    pub fn tell(story: &str, options: &WorldOptions) -> Result<Self, StoryError> {
        let script = read(story)?;
        let began = midnight(options.began);
        let seed = Seed::new(options.seed);
        let people = options.people.max(8);
        let tenants = (0..options.tenants.max(1))
            .map(|number| found(&seed, number, people, began))
            .collect::<Vec<_>>();
        let mut acts = Vec::new();
        for (number, tenant) in tenants.iter().enumerate() {
            acts.extend(Life::plan(&seed, number, tenant, began, options.days));
        }
        acts.sort_by_key(|act| act.at);
        let until = began + i64::from(options.days) * DAY;
        let mut stage = Stage::new(tenants, began);
        script.set(story, &mut stage)?;
        let steps = script.acts(story, &seed, began, until)?;
        play(story, &mut stage, acts, steps)?;
        stage.records.sort_by(|a, b| {
            (a.available, a.tenant, a.stream, &a.id).cmp(&(b.available, b.tenant, b.stream, &b.id))
        });
        Ok(Self {
            seed: options.seed,
            story: story.to_owned(),
            tenants: stage.tenants,
            records: stage.records,
            began,
            until,
            truth: stage.truth,
            strokes: stage.strokes,
        })
    }
}

fn read(story: &str) -> Result<Script, StoryError> {
    let file = STORIES.get_file(format!("{story}.toml"));
    let text = file.and_then(|file| file.contents_utf8());
    let text = text.ok_or_else(|| StoryError::Unknown(story.to_owned()))?;
    toml::from_str(text).map_err(|source| StoryError::Unreadable {
        story: story.to_owned(),
        source: Box::new(source),
    })
}

impl Script {
    /// Gives out the parts and builds the places.
    fn set(&self, story: &str, stage: &mut Stage) -> Result<(), StoryError> {
        for (part, post) in &self.cast {
            let (department, nth) = post.rsplit_once(' ').unwrap_or((post, "1"));
            let nth: usize = nth.parse().unwrap_or(1);
            let users = stage.tenants[0].users.iter().enumerate();
            let mut fitting = users.filter(|(_, user)| user.department == department);
            let user = fitting
                .nth(nth.saturating_sub(1))
                .ok_or_else(|| StoryError::Step {
                    story: story.to_owned(),
                    step: "casting".to_owned(),
                    why: format!("nobody can play `{part}`, the {post}"),
                })?;
            let place = user.0;
            stage.cast.insert(part.clone(), place);
        }
        for (name, place) in &self.places {
            let place = Place {
                address: place.address.clone(),
                city: place.city.clone(),
                state: place.state.clone(),
                country: place.country.clone(),
                network: place.network,
                latitude: place.latitude,
                longitude: place.longitude,
            };
            stage.places.insert(name.clone(), place);
        }
        story.clone_into(&mut stage.truth.story);
        Ok(())
    }

    fn acts(
        &self,
        story: &str,
        seed: &Seed,
        began: Micros,
        until: Micros,
    ) -> Result<Vec<(String, Act)>, StoryError> {
        let chance = seed.fork("story");
        let mut acts = Vec::new();
        for (number, step) in self.step.iter().enumerate() {
            let at = moment(&step.at, began).filter(|at| *at < until);
            let at = at.ok_or_else(|| StoryError::Step {
                story: story.to_owned(),
                step: step.at.clone(),
                why: "the world has no such moment".to_owned(),
            })?;
            let act = Act {
                at,
                tenant: 0,
                hand: step.by,
                verb: step.does.clone(),
                chance: chance.child(number as u64),
            };
            acts.push((step.at.clone(), act));
        }
        acts.sort_by_key(|(_, act)| act.at);
        Ok(acts)
    }
}

/// Plays life and story together, in the order of time. Life that no longer fits (a message is
/// gone, a session ended) is left out; a step of the story must fit.
fn play(
    story: &str,
    stage: &mut Stage,
    life: Vec<Act>,
    steps: Vec<(String, Act)>,
) -> Result<(), StoryError> {
    let mut steps = steps.into_iter().peekable();
    for act in life {
        while let Some((step, due)) = steps.next_if(|(_, due)| due.at <= act.at) {
            perform(story, stage, step, due)?;
        }
        let _ = stage.play(act);
    }
    for (step, due) in steps {
        perform(story, stage, step, due)?;
    }
    Ok(())
}

fn perform(story: &str, stage: &mut Stage, step: String, act: Act) -> Result<(), StoryError> {
    stage.play(act).map_err(|why| StoryError::Step {
        story: story.to_owned(),
        step,
        why,
    })
}

/// Reads `day 8 09:31` or `day 8 09:31:20`.
fn moment(text: &str, began: Micros) -> Option<Micros> {
    let (day, time) = text.strip_prefix("day ")?.split_once(' ')?;
    let mut parts = time.split(':').map(|part| part.parse::<i64>().ok());
    let hours = parts.next()??;
    let minutes = parts.next()??;
    let seconds = parts.next().unwrap_or(Some(0))?;
    Some(workday(began, day.parse().ok()?) + hours * HOUR + minutes * MINUTE + seconds * SECOND)
}
