//! `breachscope evidence export|verify`.

use super::store;
use crate::cli::{EvidenceArgs, EvidenceVerb, Format, Global};
use crate::error::{Code, Trouble};
use crate::table::thousands;
use crate::ui::Ui;
use engine::{SealedPack, VerifiedPack};
use model::shown::shown;
use serde::Serialize;
use std::path::Path;

/// Seals a case, or verifies a pack.
pub(crate) fn run(args: &EvidenceArgs, global: &Global, ui: &mut Ui) -> Result<Code, Trouble> {
    let code = match &args.verb {
        EvidenceVerb::Export {
            case,
            out,
            snapshot,
        } => {
            let store = store(global)?;
            let found = match snapshot {
                Some(snapshot) => store.work_snapshot(case, snapshot)?,
                None => store.work_case(case)?,
            };
            sealed(&store.export_evidence(&found, out)?, out, ui)?;
            if found.coverage.is_complete() {
                Code::Ok
            } else {
                ui.warn(&shown(&found.coverage.sentence));
                Code::Incomplete
            }
        }
        EvidenceVerb::Verify { pack, key } => {
            let found = engine::verify_evidence(pack, key.as_deref(), &mut |_| {})?;
            verified(&found, key.is_some(), ui)?
        }
    };
    ui.flush()?;
    Ok(code)
}

#[derive(Serialize)]
struct WireSeal {
    pack: String,
    files: u64,
    bytes: u64,
    pack_bytes: u64,
    pack_sha256: String,
    merkle_root: String,
    key_fingerprint: String,
}

fn sealed(seal: &SealedPack, out: &Path, ui: &mut Ui) -> Result<(), Trouble> {
    let wire = WireSeal {
        pack: out.display().to_string(),
        files: seal.files,
        bytes: seal.bytes,
        pack_bytes: seal.pack_bytes,
        pack_sha256: seal.pack_sha256.to_string(),
        merkle_root: seal.merkle_root.to_string(),
        key_fingerprint: seal.key_fingerprint.to_string(),
    };
    if ui.format != Format::Table {
        return ui.json(&wire);
    }
    ui.heading(&shown(&wire.pack))?;
    ui.line(&format!(
        "{} files, {} bytes; the pack has {} bytes",
        thousands(wire.files),
        thousands(wire.bytes),
        thousands(wire.pack_bytes)
    ))?;
    ui.line(&format!("SHA-256 of the pack  {}", wire.pack_sha256))?;
    ui.line(&format!("Merkle root          {}", wire.merkle_root))?;
    ui.line(&format!("key fingerprint      {}", wire.key_fingerprint))?;
    ui.line("give the fingerprint to whoever gets the pack by another way than the pack")
}

#[derive(Serialize)]
struct WireVerified {
    verified: bool,
    files: u64,
    bytes: u64,
    pack_sha256: String,
    merkle_root: Option<String>,
    key_fingerprint: Option<String>,
    difference: Option<WireDifference>,
    further: u64,
    title: Option<String>,
    facts: Vec<[String; 2]>,
}

#[derive(Serialize)]
struct WireDifference {
    file: String,
    what: &'static str,
    detail: String,
}

fn verified(found: &VerifiedPack, is_key_known: bool, ui: &mut Ui) -> Result<Code, Trouble> {
    let wire = WireVerified {
        verified: found.difference.is_none(),
        files: found.files,
        bytes: found.bytes,
        pack_sha256: found.pack_sha256.to_string(),
        merkle_root: found.merkle_root.map(|root| root.to_string()),
        key_fingerprint: found.key_fingerprint.map(|key| key.to_string()),
        difference: found.difference.as_ref().map(|difference| WireDifference {
            file: difference.file.clone(),
            what: difference.what.words(),
            detail: difference.detail.clone(),
        }),
        further: found.further,
        title: found.label.as_ref().map(|label| label.title.clone()),
        facts: found
            .label
            .iter()
            .flat_map(|label| &label.facts)
            .map(|(name, value)| [name.clone(), value.clone()])
            .collect(),
    };
    let code = if wire.verified {
        Code::Ok
    } else {
        Code::Verification
    };
    if ui.format != Format::Table {
        ui.json(&wire)?;
        return Ok(code);
    }
    match &wire.difference {
        None => ui.heading(&format!(
            "every byte is as it was sealed: {} files, {} bytes",
            thousands(wire.files),
            thousands(wire.bytes)
        ))?,
        Some(difference) => {
            ui.heading(&format!(
                "not as it was sealed: {} {}",
                difference.file, difference.what
            ))?;
            ui.line(&difference.detail)?;
            if wire.further > 0 {
                ui.line(&format!("{} more differ", thousands(wire.further)))?;
            }
        }
    }
    for [name, value] in &wire.facts {
        ui.line(&shown(&format!("{name}: {value}")))?;
    }
    if let Some(key) = &wire.key_fingerprint {
        ui.line(&format!("key fingerprint: {key}"))?;
        if !is_key_known {
            ui.line("compare the fingerprint with what the sender told you by another way, or give it with --key")?;
        }
    }
    Ok(code)
}
