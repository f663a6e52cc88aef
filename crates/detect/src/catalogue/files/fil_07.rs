//! FIL-07: Microsoft found malware in a file.

use super::documents::name;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "FIL-07",
    title: "Malware in a file",
    decides: "`FileMalwareDetected`, or a detection by Safe Attachments in SharePoint, OneDrive or Teams.",
    severity: "high",
    benign: "Test files and security laboratories: except the account.",
    attack: &["T1204.002"],
    sources: &[Source::SharePoint, Source::MailProtection],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of malware in a file was at hand.",
};

pub(super) struct Fil07;

impl Detection for Fil07 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["FileMalwareDetected", "AtpDetection"])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        let malware = [seen.word("VirusInfo"), seen.word("MalwareFamily")].concat();
        let modifier = seen.word("LastModifiedBy");
        let person = if modifier.contains('@') {
            modifier
        } else {
            seen.person()
        };
        let file = match name(seen) {
            "" => "a file".to_owned(),
            name => quoted(name),
        };
        let what = match malware.as_str() {
            "" => String::new(),
            malware => format!(": {}", quoted(malware)),
        };
        hits.push(
            Hit::of(
                seen,
                Severity::High,
                format!("malware was found in {file} of {person}{what}"),
            )
            .of_user(person)
            .keyed(seen.object())
            .because("VirusInfo", malware)
            .silent_if("Microsoft had found none"),
        );
    }
}
