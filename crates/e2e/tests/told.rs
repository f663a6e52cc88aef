//! What must be told where silence would look like an answer.

use crate::house::{House, checkout};
use std::path::{Path, PathBuf};

fn with_demo() -> House {
    let house = House::new();
    house.import(&[checkout().join("demo/export")]);
    house
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// A record of reading one message, of a person of a tenant.
fn read(tenant: &str, number: u32) -> String {
    format!(
        r#"{{"CreationTime":"2026-03-02T08:15:00","Id":"{tenant}-{number}","Operation":"MailItemsAccessed","OrganizationId":"{tenant}","RecordType":50,"UserId":"joey@contoso.example","MailboxOwnerUPN":"joey@contoso.example","Workload":"Exchange","OperationProperties":[{{"Name":"MailAccessType","Value":"Bind"}}],"Folders":[{{"Path":"\\Inbox","FolderItems":[{{"InternetMessageId":"<{number}@{tenant}.example>"}}]}}]}}"#
    )
}

#[test]
fn a_mistyped_data_folder_is_no_answer() {
    let house = House::new();
    let typo = house.path("data");
    for words in [
        &["messages"][..],
        &["sql", "SELECT 1"],
        &["case", "list"],
        &["lake", "status"],
        &["lake", "verify"],
        &["detect"],
        &["show", "1"],
        &["investigate", "ann@contoso.example"],
        &["report", "ann-123456"],
        &["collect", "status"],
    ] {
        let run = house.run(words);
        assert_eq!(run.code, 2, "{words:?}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains("hint: "), "{words:?}: {}", run.stderr);
        assert!(!typo.exists(), "{words:?} made a folder");
    }
    // Somebody else's folder is no data folder either.
    std::fs::create_dir(&typo).expect("made");
    std::fs::write(typo.join("letter.txt"), "x").expect("written");
    assert_eq!(house.run(&["messages"]).code, 2);
    assert_eq!(files_below(&typo).len(), 1);
}

#[test]
fn a_tenant_of_which_there_is_nothing_is_told_with_those_there_are() {
    let house = House::new();
    let lines = [read("tenant-a", 1), read("tenant-b", 2)].join("\n");
    house.import(&[house.write("two.jsonl", lines)]);
    let run = house.run(&["--tenant", "nosuch", "messages"]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(run.stderr.contains("tenant-a, tenant-b"), "{}", run.stderr);
    for (tenant, message) in [
        ("tenant-a", "<1@tenant-a.example>"),
        ("Tenant-B", "<2@tenant-b.example>"),
    ] {
        let touched = house.touched(&["--tenant", tenant, "--mailbox", "joey"]);
        assert_eq!(touched.messages.into_iter().collect::<Vec<_>>(), [message]);
    }
    let run = house.run(&["investigate", "joey@contoso.example"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--tenant"), "{}", run.stderr);
}

#[test]
fn a_name_is_looked_up_in_the_tenant_that_is_asked_for() {
    let house = House::new();
    let other = read("tenant-b", 2).replace("joey@contoso", "joey@fabrikam");
    house.import(&[house.write("two.jsonl", [read("tenant-a", 1), other].join("\n"))]);
    assert_eq!(
        house.run(&["messages", "--mailbox", "joey"]).code,
        2,
        "two are meant"
    );
    let touched = house.touched(&["--tenant", "tenant-b", "--mailbox", "joey"]);
    assert_eq!(touched.messages.len(), 1);
}

#[cfg(unix)]
#[test]
fn a_broken_link_costs_no_other_file() {
    let house = House::new();
    let folder = house.path("export");
    std::fs::create_dir(&folder).expect("made");
    std::fs::write(folder.join("b.jsonl"), read("tenant-a", 1)).expect("written");
    std::os::unix::fs::symlink("nowhere", folder.join("a.jsonl")).expect("linked");
    std::os::unix::fs::symlink(".", folder.join("c")).expect("linked");
    let (report, code) = house.import(&[folder]);
    assert_eq!(code, 3, "{report}");
    assert_eq!(report["new"], 1, "{report}");
    let unread = |file: &&serde_json::Value| file["format"] == "unread";
    let files = report["files"].as_array().expect("files");
    assert_eq!(files.iter().filter(unread).count(), 2, "{report}");
}

#[test]
fn whoever_decides_has_a_name() {
    let house = with_demo();
    let case = house
        .run(&["--format", "json", "investigate", "nora.lindqvist"])
        .json();
    let case = case["case"].as_str().expect("a case");
    let mut command = house.command(&["case", "note", case, "looked at it"]);
    for name in ["USER", "USERNAME", "LOGNAME"] {
        command.env_remove(name);
    }
    let run = crate::house::Run::of(command.output().expect("the binary starts"));
    // A user whom the system cannot name either is asked for a name.
    if run.code == 2 {
        assert!(run.stderr.contains("--by"), "{}", run.stderr);
        return;
    }
    assert_eq!(run.code, 0, "{}", run.stderr);
    let shown = house
        .run(&["--format", "json", "case", "show", case])
        .json();
    let by = shown["entries"][0]["by"].as_str().expect("a name");
    assert!(!by.is_empty() && by != "unknown", "{by}");
}

#[test]
fn whatever_is_damaged_or_gone_is_told_by_the_check() {
    let house = with_demo();
    assert_eq!(house.run(&["lake", "verify"]).code, 0);
    let data = house.path("data");
    let mut files = files_below(&data.join("raw"));
    let mut tables = files_below(&data.join("lake"));
    tables.retain(|path| path.metadata().is_ok_and(|file| file.len() > 0));
    // A hint and a lock hold no evidence.
    tables.retain(|path| !path.ends_with("_last_checkpoint") && !path.ends_with(".lock"));
    files.extend(tables);
    assert!(files.len() >= 20, "{files:?}");
    for path in files {
        let sound = std::fs::read(&path).expect("read");
        let mut changed = sound.clone();
        let at = sound.len() * 2 / 3;
        changed[at] ^= 0x10;
        std::fs::write(&path, changed).expect("written");
        let run = house.run(&["--format", "json", "lake", "verify"]);
        assert_eq!(run.code, 8, "changed: {} {}", path.display(), run.stderr);
        std::fs::write(&path, &sound).expect("written");
    }
    for kind in ["zst", "json"] {
        let path = files_below(&data.join("raw"))
            .into_iter()
            .find(|path| path.extension().is_some_and(|of| of == kind))
            .expect("there");
        let sound = std::fs::read(&path).expect("read");
        std::fs::remove_file(&path).expect("removed");
        let run = house.run(&["lake", "verify"]);
        assert_eq!(run.code, 8, "{kind}: {}{}", run.stdout, run.stderr);
        assert!(run.stdout.contains("gone"), "{}", run.stdout);
        std::fs::write(&path, sound).expect("written");
    }
    let digest = files_below(&data.join("raw"))[0].clone();
    for kind in ["zst", "json"] {
        std::fs::remove_file(digest.with_extension(kind)).expect("removed");
    }
    let run = house.run(&["lake", "verify"]);
    assert_eq!(run.code, 8, "both gone: {}{}", run.stdout, run.stderr);
}

#[test]
fn the_log_of_a_mailbox_itself_is_read() {
    let house = House::new();
    let record = r#"{"Operation":"SendAs","LastAccessed":"2026-03-02T12:00:00","LogonType":"Owner","ClientIPAddress":"203.0.113.9","MailboxOwnerUPN":"ann@contoso.example","LogonUserDisplayName":"Ann","ItemSubject":"x","ItemInternetMessageId":"<y@x>","Identity":"zz","MailboxGuid":"g"}"#;
    let (report, code) = house.import(&[house.write("MailboxAuditLog_1.json", record)]);
    assert_eq!(code, 0, "{report}");
    assert_eq!(house.touched(&["--mailbox", "ann"]).messages.len(), 1);
}

#[test]
fn a_tar_archive_is_told_to_be_one() {
    let house = House::new();
    let mut tar = vec![0u8; 512];
    tar[..8].copy_from_slice(b"a.jsonl\0");
    tar[257..262].copy_from_slice(b"ustar");
    tar.extend_from_slice(read("tenant-a", 1).as_bytes());
    let (report, code) = house.import(&[house.write("a.tar", tar)]);
    assert_eq!(code, 3, "{report}");
    let said = report["files"][0]["errors"][0]["what"].to_string();
    assert!(said.contains("tar archive"), "{said}");
}
