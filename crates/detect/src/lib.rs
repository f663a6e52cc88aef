//! From events to findings, and from findings to incidents.
//!
//! Pure: no I/O, no clock. Records come in any order and as often as they like (`gather`); what
//! detections want of them becomes facts of one size. The facts are shown to the catalogue in
//! order of time, each once (`walk`); what it raises is grouped (`group`) and joined
//! (`incident`). So the same records give the same findings, whatever the order, whether in one
//! run or in many.
//!
//! | module | what it holds |
//! |---|---|
//! | `catalogue` | the detections, one a file, a folder a section |
//! | `sigma` | rules in Sigma, run by a library |
//! | `gather`, `fact`, `words`, `seen` | records, as small as detections need them |
//! | `world`, `board` | what is known of the tenant; what was found before |
//! | `run`, `walk`, `hit`, `hits`, `group`, `incident` | from facts to findings to incidents |
//! | `doubt`, `recent`, `kept`, `regular` | what many detections ask: is the sign-in in doubt, what came lately, what is in use, who does so daily |
//! | `cmdlet`, `command_line`, `likeness`, `quoted` | what a cmdlet was told; which name is made to be taken for another; how a hostile text is shown |
//! | `intel` | indicators that others know, and whether a record shows them |
//! | `lists`, `places` | what is publicly known of applications, agents, networks, errors |

pub mod about;
pub mod board;
pub mod catalogue;
mod cmdlet;
mod command_line;
mod doubt;
pub mod fact;
pub mod gather;
pub mod group;
pub mod hit;
pub mod hits;
pub mod incident;
pub mod intel;
mod kept;
mod likeness;
pub mod lists;
pub mod places;
mod quoted;
mod recent;
mod regular;
pub mod run;
pub mod seen;
pub mod sigma;
pub mod walk;
pub mod words;
pub mod world;

pub use about::{About, Method, Source};
pub use catalogue::{Detection, Wants, all};
pub use fact::{Fact, Kind};
pub use gather::{Gatherer, Surface};
pub use hit::Hit;
pub use intel::{Indicator, IndicatorKind};
pub use places::{Nowhere, Place, Places};
pub use run::{Answer, MemoryPile, NoRules, Pile, Rules, Run};
pub use seen::Seen;
pub use walk::Walk;
pub use world::{Exception, Settings, Tenant, World};
