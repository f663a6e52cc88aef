//! Writes a story's records to a folder, one file of JSON lines a stream, and the truth beside
//! them: `cargo run -p sim --example write -- aitm-invoice FOLDER [SEED]`.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

use sim::{Stream, World, WorldOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let story = arguments.next().ok_or("which story?")?;
    let folder = PathBuf::from(arguments.next().ok_or("into which folder?")?);
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    let options = WorldOptions {
        seed,
        ..WorldOptions::default()
    };
    let world = World::tell(&story, &options)?;
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for record in &world.records {
        let file = files.entry(name(record.stream)).or_default();
        file.push_str(&record.body);
        file.push('\n');
    }
    fs::create_dir_all(&folder)?;
    for (name, text) in files {
        fs::write(folder.join(name), text)?;
    }
    fs::write(folder.join("truth.json"), world.truth().json())?;
    Ok(())
}

fn name(stream: Stream) -> String {
    match stream {
        Stream::Unified(content) => format!("unified-{}.jsonl", content.name()),
        Stream::SignIn(kind) => format!("signins-{}.jsonl", kind.name()),
        Stream::DirectoryAudit => "directory-audits.jsonl".to_owned(),
        Stream::Risk => "risk-detections.jsonl".to_owned(),
        Stream::Trace => "message-trace.jsonl".to_owned(),
        Stream::AzureActivity => "azure-activity.jsonl".to_owned(),
        Stream::DevOps => "devops.jsonl".to_owned(),
    }
}
