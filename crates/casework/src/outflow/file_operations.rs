//! What SharePoint's and OneDrive's operations do to a file.
//!
//! <https://learn.microsoft.com/purview/audit-log-activities>

use super::FileAct;

/// Returns what an operation does to a file, if it is one on files.
pub(super) fn act(operation: &str) -> Option<FileAct> {
    const LINKS: [&str; 5] = [
        "AnonymousLink",
        "CompanyLink",
        "SecureLink",
        "SharingInvitation",
        "SharingLink",
    ];
    const TAKES_BACK: [&str; 5] = ["Removed", "Revoked", "Deleted", "Blocked", "Expired"];
    let is_link = LINKS.iter().any(|link| operation.starts_with(link));
    if is_link && TAKES_BACK.iter().any(|end| operation.ends_with(end)) {
        return Some(FileAct::Changed);
    }
    if is_link {
        return Some(FileAct::Shared);
    }
    Some(match operation {
        "SharingSet" | "AddedToSecureLink" | "AddedToSharingLink" => FileAct::Shared,
        "FileDownloaded" | "FileSyncDownloadedFull" | "FileSyncDownloadedPartial" => FileAct::Taken,
        "FileAccessed" | "FileAccessedExtended" | "FilePreviewed" | "FileViewed" => FileAct::Opened,
        "SharingRevoked" | "RemovedFromSecureLink" | "RemovedFromSharingLink" => FileAct::Changed,
        _ => return of_whole_name(operation),
    })
}

fn of_whole_name(operation: &str) -> Option<FileAct> {
    const DELETES: [&str; 2] = ["Deleted", "Recycled"];
    const CHANGES: [&str; 6] = [
        "Uploaded", "Modified", "Moved", "Copied", "Renamed", "Restored",
    ];
    let rest = operation
        .strip_prefix("File")
        .or_else(|| operation.strip_prefix("Folder"))?;
    let has = |words: &[&str]| words.iter().any(|word| rest.contains(word));
    if has(&DELETES) {
        Some(FileAct::Deleted)
    } else if has(&CHANGES) {
        Some(FileAct::Changed)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_told_by_its_name() {
        for (operation, expected) in [
            ("FileDownloaded", Some(FileAct::Taken)),
            ("FileSyncDownloadedPartial", Some(FileAct::Taken)),
            ("FileAccessedExtended", Some(FileAct::Opened)),
            ("FilePreviewed", Some(FileAct::Opened)),
            ("AnonymousLinkUsed", Some(FileAct::Shared)),
            ("SharingInvitationCreated", Some(FileAct::Shared)),
            ("AddedToSecureLink", Some(FileAct::Shared)),
            ("AnonymousLinkRemoved", Some(FileAct::Changed)),
            ("FileUploaded", Some(FileAct::Changed)),
            ("FileSyncUploadedFull", Some(FileAct::Changed)),
            ("FileDeletedFirstStageRecycleBin", Some(FileAct::Deleted)),
            ("FileVersionsAllDeleted", Some(FileAct::Deleted)),
            ("FileRecycled", Some(FileAct::Deleted)),
            ("FolderMoved", Some(FileAct::Changed)),
            ("SharingInheritanceBroken", None),
            ("PageViewed", None),
            ("MailItemsAccessed", None),
        ] {
            assert_eq!(act(operation), expected, "{operation}");
        }
    }
}
