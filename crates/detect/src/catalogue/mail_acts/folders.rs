//! The folders that every mailbox has, by the names that Outlook gives them in other languages.

/// Returns whether a folder is the one in which Outlook keeps what was sent.
pub(super) fn is_sent(path: &str) -> bool {
    is_any(path, SENT)
}

/// Returns whether a folder is where messages are written, or wait to leave.
pub(super) fn is_draft(path: &str) -> bool {
    is_any(path, DRAFTS)
}

/// Returns whether a folder is the bin, or what lies behind it.
pub(super) fn is_bin(path: &str) -> bool {
    is_any(path, BINS)
}

/// Returns whether a folder lies behind the bin: what is there was deleted for good.
pub(super) fn is_behind_bin(path: &str) -> bool {
    is_any(
        path,
        &["recoverable items", "deletions", "purges", "versions"],
    )
}

fn is_any(path: &str, names: &[&str]) -> bool {
    let parts = path
        .split(['\\', '/'])
        .map(|part| part.trim().to_lowercase());
    parts.into_iter().any(|part| names.contains(&part.as_str()))
}

#[rustfmt::skip] // a name a line would hide the languages
const SENT: &[&str] = &[
    "sent items", "sent", "sentitems", "sent mail", "gesendete elemente", "gesendete objekte",
    "gesendet", "éléments envoyés", "messages envoyés", "verzonden items", "verzonden",
    "elementos enviados", "enviados", "posta inviata", "itens enviados", "elementy wysłane",
    "skickat", "skickade objekt", "sendt post", "sendte elementer", "lähetetyt",
    "odeslaná pošta", "elküldött elemek", "elemente trimise", "gönderilmiş öğeler",
    "отправленные", "надіслані", "送信済みアイテム", "已发送邮件", "寄件備份", "보낸 편지함",
];

#[rustfmt::skip] // a name a line would hide the languages
const DRAFTS: &[&str] = &[
    "drafts", "outbox", "entwürfe", "postausgang", "brouillons", "boîte d'envoi", "concepten",
    "postvak uit", "borradores", "bandeja de salida", "bozze", "posta in uscita", "rascunhos",
    "caixa de saída", "wersje robocze", "skrzynka nadawcza", "utkast", "utkorg", "kladder",
    "luonnokset", "koncepty", "piszkozatok", "schițe", "taslaklar", "черновики", "чернетки",
    "下書き", "草稿", "임시 보관함",
];

#[rustfmt::skip] // a name a line would hide the languages
const BINS: &[&str] = &[
    "deletions", "purges", "recoverable items", "deleted items", "deleteditems", "trash",
    "gelöschte elemente", "gelöschte objekte", "éléments supprimés", "verwijderde items",
    "elementos eliminados", "posta eliminata", "itens excluídos", "itens eliminados",
    "elementy usunięte", "borttaget", "slettet post", "slettede elementer", "poistetut",
    "odstraněná pošta", "törölt elemek", "elemente șterse", "silinmiş öğeler", "удаленные",
    "видалені", "削除済みアイテム", "已删除邮件", "刪除的郵件", "지운 편지함", "junk email",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_known_in_other_languages_and_below_others() {
        assert!(is_sent("\\Éléments envoyés"));
        assert!(is_sent("\\Sent Items\\2026"));
        assert!(is_draft("\\Entwürfe"));
        assert!(is_bin("\\Recoverable Items\\Deletions"));
        assert!(!is_sent("\\Inbox") && !is_bin("\\Inbox") && !is_draft("\\Inbox"));
    }
}
