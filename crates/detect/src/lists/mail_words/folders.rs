//! Folders in which mail is as good as gone: those that Outlook creates and nobody opens.

use super::fold;

/// How well a folder hides what is moved into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HidingFolder {
    /// The archive: people put there what they are done with.
    Archive,
    /// One that people look into at times: junk, deleted.
    Discarded,
    /// One that hardly anybody opens: RSS feeds, conversation history, sync issues, notes.
    Unvisited,
}

/// Returns how well a folder hides mail, by its name in some twenty languages; none for a folder of
/// the user's own. The name may be a path: `ann@corp.example:\RSS Feeds`.
#[must_use]
pub fn hiding_folder(name: &str) -> Option<HidingFolder> {
    let mut parts = name
        .rsplit(['\\', '/', ':'])
        .filter(|part| !part.trim().is_empty());
    let leaf = parts.next()?;
    if let Some(own) = alone(leaf) {
        return Some(own);
    }
    // A folder made below a hidden one is hidden too; below an archive people do sort.
    parts.find_map(|part| alone(part).filter(|one| *one != HidingFolder::Archive))
}

fn alone(name: &str) -> Option<HidingFolder> {
    let has_feeds = name
        .split(|character: char| !character.is_alphanumeric())
        .any(|word| word.eq_ignore_ascii_case("rss") || word.eq_ignore_ascii_case("rssfeeds"));
    if has_feeds || is_one_of(UNVISITED, name) {
        return Some(HidingFolder::Unvisited);
    }
    if is_one_of(DISCARDED, name) {
        return Some(HidingFolder::Discarded);
    }
    is_one_of(ARCHIVE, name).then_some(HidingFolder::Archive)
}

fn is_one_of(list: &[&str], name: &str) -> bool {
    let name = squeezed(name);
    list.iter().any(|one| squeezed(one) == name)
}

/// Outlook, Exchange and Graph spell one folder `Junk Email`, `Junk E-Mail` and `junkemail`.
fn squeezed(name: &str) -> String {
    let mut out = String::new();
    for character in name.chars().filter(|one| one.is_alphanumeric()).take(80) {
        fold(character, &mut |plain| out.push(plain));
    }
    out
}

/// Folders that hardly anybody opens.
#[rustfmt::skip] // a word a line would hide the languages
const UNVISITED: &[&str] = &[
    // Conversation history
    "Conversation History", "Aufgezeichnete Unterhaltungen", "Unterhaltungsverlauf",
    "Konversationsverlauf", "Historique des conversations", "Historique de conversation",
    "Gespreksgeschiedenis", "Historial de conversaciones", "Historial de conversación",
    "Cronologia conversazioni", "Histórico de Conversas", "Histórico da Conversa",
    "Histórico de Conversa", "Historia konwersacji", "Konversationshistorik", "Samtaleoversigt",
    "Samtalehistorik", "Samtalelogg", "Samtalehistorikk", "Keskusteluhistoria",
    "Historie konverzací", "Historie konverzace", "Beszélgetések előzményei", "Istoric conversații",
    "Istoric conversație", "Konuşma Geçmişi", "Görüşme Geçmişi", "История бесед", "Журнал бесед",
    "Журнал розмов", "Ιστορικό συνομιλιών", "会話の履歴", "会話履歴", "对话历史记录", "交談記錄",
    "對話歷程記錄", "대화 기록", "היסטוריית שיחות", "محفوظات المحادثات",
    // Sync issues, conflicts, failures
    "Sync Issues", "Conflicts", "Local Failures", "Server Failures", "Synchronisierungsprobleme",
    "Konflikte", "Lokale Fehler", "Serverfehler", "Problèmes de synchronisation", "Conflits",
    "Échecs locaux", "Défaillances du serveur", "Synchronisatieproblemen", "Conflicten",
    "Problemas de sincronización", "Conflictos", "Problemi di sincronizzazione", "Conflitti",
    "Problemas de Sincronização", "Problemy z synchronizacją", "Synkroniseringsproblem",
    "Synkroniseringsproblemer", "Synkronointiongelmat", "Problémy se synchronizací",
    "Szinkronizálási hibák", "Probleme de sincronizare", "Eşitleme Sorunları", "Eşitleme Sorunu",
    "Ошибки синхронизации", "Проблеми синхронізації", "Ζητήματα συγχρονισμού", "同期の失敗",
    "同步问题", "同步處理問題", "동기화 문제",
    // Notes
    "Notes", "Notizen", "Notities", "Notas", "Note", "Notatki", "Anteckningar", "Noter", "Notater",
    "Muistilaput", "Poznámky", "Feljegyzések", "Notlar", "Заметки", "Нотатки", "Σημειώσεις", "メモ",
    "便笺", "便箋", "記事", "메모", "הערות", "ملاحظات",
    // Calendar, tasks, journal, contacts, outbox: no place for mail
    "Calendar", "Kalender", "Calendrier", "Agenda", "Calendario", "Calendário", "Kalendarz",
    "Kalenteri", "Kalendář", "Naptár", "Takvim", "Календарь", "Календар", "Ημερολόγιο", "予定表",
    "日历", "行事曆", "일정", "Tasks", "Aufgaben", "Tâches", "Taken", "Tareas", "Attività",
    "Tarefas", "Zadania", "Journal", "Logboek", "Diario", "Dziennik", "Contacts", "Kontakte",
    "Contactpersonen", "Contactos", "Contatti", "Kontakty", "Outbox", "Postausgang",
    "Boîte d'envoi", "Postvak UIT", "Bandeja de salida", "Posta in uscita",
    "Skrzynka nadawcza", "Clutter", "Recoverable Items", "Recoverable Items Deletions",
    "Social Activity Notifications", "Yammer Root", "Feeds", "Quick Step Settings",
];

/// Junk and deleted mail.
#[rustfmt::skip] // a word a line would hide the languages
const DISCARDED: &[&str] = &[
    // Junk
    "Junk Email", "Junk E-Mail", "Junk", "Spam", "Junk-E-Mail", "Courrier indésirable",
    "Courrier pêle-mêle", "Ongewenste e-mail", "Correo no deseado", "Correo electrónico no deseado",
    "Posta indesiderata", "Lixo Eletrônico", "Lixo Eletrónico", "E-mail de Lixo Electrónico",
    "Wiadomości-śmieci", "Wiadomości śmieci", "Skräppost", "Uønsket mail", "Uønsket e-post",
    "Søppelpost", "Roskaposti", "Nevyžádaná pošta", "Levélszemét", "E-mail nedorit",
    "Mesaje nedorite", "Önemsiz E-posta", "Gereksiz E-posta", "Нежелательная почта",
    "Небажана пошта", "Ανεπιθύμητη αλληλογραφία", "迷惑メール", "垃圾邮件", "垃圾電子郵件",
    "정크 메일", "דואר זבל", "البريد غير الهام", "البريد الإلكتروني غير الهام",
    // Deleted
    "Deleted Items", "Deleted", "Trash", "Bin", "Gelöschte Elemente", "Gelöschte Objekte",
    "Papierkorb", "Éléments supprimés", "Corbeille", "Verwijderde items", "Prullenbak",
    "Elementos eliminados", "Papelera", "Posta eliminata", "Cestino", "Itens Excluídos",
    "Itens Eliminados", "Elementy usunięte", "Kosz", "Borttaget", "Borttagna objekt",
    "Slettet post", "Slettede elementer", "Poistetut", "Odstraněná pošta", "Törölt elemek",
    "Elemente șterse", "Silinmiş Öğeler", "Удаленные", "Видалені", "Διαγραμμένα",
    "削除済みアイテム", "已删除邮件", "刪除的郵件", "지운 편지함", "פריטים שנמחקו",
    "العناصر المحذوفة",
];

/// The archive: people do sort below it.
#[rustfmt::skip] // a word a line would hide the languages
const ARCHIVE: &[&str] = &[
    "Archive", "Archives", "In-Place Archive", "Online Archive", "Archiv", "Archief", "Archivo",
    "Archivar", "Archivio", "Arquivo Morto", "Arquivo", "Arquivar", "Archiwum", "Arkiv", "Arkisto",
    "Archív", "Archívum", "Arhivă", "Arhiva", "Arşiv", "Архив", "Архів", "Αρχειοθέτηση",
    "アーカイブ", "存档", "归档", "封存", "보관", "ארכיון", "أرشيف",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_known_in_any_language_and_path() {
        for name in [
            "RSS Feeds",
            "rssfeeds",
            "ann@corp.example:\\RSS-Abonnements",
            "mailbox\\:\\Historique des conversations",
            "RSS Feeds\\x",
            "problèmes de SYNCHRONISATION",
            "会話の履歴",
        ] {
            assert_eq!(hiding_folder(name), Some(HidingFolder::Unvisited), "{name}");
        }
        for name in [
            "Junk E-Mail",
            "junkemail",
            "Gelöschte Elemente",
            "Deleted Items\\old",
        ] {
            assert_eq!(hiding_folder(name), Some(HidingFolder::Discarded), "{name}");
        }
        assert_eq!(hiding_folder("Inbox/Archiv"), Some(HidingFolder::Archive));
        for name in [
            "Customers",
            "Archive\\Customers",
            "",
            "\\",
            "AAMkAGI1=",
            "Inbox",
            "Newsletters",
        ] {
            assert_eq!(hiding_folder(name), None, "{name}");
        }
    }
}
