//! The words themselves, folded: lower case, no accents, one blank between words.

/// Words about money, in English, German, French, Dutch, Spanish, Italian and Polish.
#[rustfmt::skip] // a word a line would hide the languages
pub(super) const MONEY: &[&str] = &[
    // English
    "invoice", "invoices", "invoicing", "invoiced", "payment", "payments", "wire", "wire transfer",
    "wiring", "bank", "banks", "banking", "bank account", "bank details", "iban", "swift", "bic",
    "ach", "eft", "remittance", "remittances", "remit", "payroll", "paycheck", "salary", "salaries",
    "direct deposit", "purchase order", "po #", "po number", "overdue", "past due",
    "accounts payable", "accounts receivable", "billing", "escrow", "closing disclosure",
    "routing number", "w 2", "w2", "w9", "w 9", "tax return", "beneficiary", "sort code",
    "statement of account", "aging report", "ageing report",
    // German
    "rechnung", "rechnungen", "zahlung", "zahlungen", "uberweisung", "uberweisungen",
    "ueberweisung", "konto", "kontonummer", "bankverbindung", "bankdaten", "kontodaten", "gehalt",
    "lohnabrechnung", "mahnung", "lastschrift", "zahlungserinnerung", "kontoauszug",
    // French
    "facture", "factures", "paiement", "paiements", "virement", "virements", "banque", "bancaire",
    "bancaires", "coordonnees bancaires", "rib", "salaire", "salaires", "fiche de paie",
    "reglement", "releve de compte", "bon de commande",
    // Dutch
    "factuur", "facturen", "betaling", "betalingen", "overboeking", "rekeningnummer",
    "bankrekening", "bankgegevens", "salaris", "loonstrook", "aanmaning", "incasso",
    // Spanish
    "factura", "facturas", "pago", "pagos", "transferencia", "transferencias", "banco", "bancario",
    "bancaria", "bancarios", "cuenta bancaria", "nomina", "nominas", "salario", "orden de compra",
    "remesa", "facturacion",
    // Italian
    "fattura", "fatture", "pagamento", "pagamenti", "bonifico", "bonifici", "banca", "bancarie",
    "conto corrente", "stipendio", "stipendi", "busta paga", "ordine di acquisto",
    "estratto conto", "fatturazione",
    // Polish
    "faktura", "faktury", "faktur", "platnosc", "platnosci", "przelew", "przelewy", "przelewu",
    "rachunek", "konto bankowe", "bankowe", "bankowy", "wynagrodzenie", "wyplata", "zaplata",
];

/// Words by which somebody would be warned, in the same languages.
#[rustfmt::skip] // a word a line would hide the languages
pub(super) const WARNING: &[&str] = &[
    // English
    "hack", "hacked", "hacker", "hacking", "hacks", "phish", "phished", "phishing", "malware",
    "spam", "spamming", "scam", "scammed", "scammer", "scams", "fraud", "fraudulent", "suspicious",
    "suspect", "virus", "viruses", "ransomware", "fake", "spoof", "spoofed", "spoofing",
    "compromised", "compromise", "breach", "breached", "alert", "alerts", "helpdesk", "help desk",
    "service desk", "it support", "mfa", "2fa", "password", "passwords", "security info",
    "authenticator", "unusual sign in", "unusual activity", "undeliverable", "undelivered",
    "mailer daemon", "postmaster", "delivery status notification", "do not open", "don t open",
    "dont open", "do not click", "did you send", "is this legit", "legitimate", "not from me",
    "malicious", "quarantine", "quarantined",
    "impersonation", "unauthorized", "unauthorised",
    // German
    "gehackt", "betrug", "betrugerisch", "verdachtig", "verdaechtig", "gefalscht", "kennwort",
    "passwort", "warnung", "sicherheitswarnung", "nicht offnen", "schadsoftware",
    "kompromittiert", "unzustellbar",
    // French
    "pirate", "piratage", "hameconnage", "fraude", "frauduleux", "suspecte", "arnaque",
    "mot de passe", "alerte", "ne pas ouvrir", "n ouvrez pas", "courrier indesirable",
    "compromis", "faux",
    // Dutch
    "gehackte", "gehackt account", "verdacht", "verdachte", "oplichting", "nep", "wachtwoord",
    "waarschuwing", "niet openen", "gecompromitteerd",
    // Spanish
    "hackeado", "hackeada", "hackeo", "estafa", "sospechoso", "sospechosa", "contrasena",
    "alerta", "no abrir", "no abras", "falso", "comprometida", "comprometido",
    // Italian
    "hackerato", "hackerata", "truffa", "frode", "sospetto", "sospetta", "non aprire",
    "compromesso", "compromessa", "avviso di sicurezza",
    // Polish
    "zhakowane", "zhakowany", "wlamanie", "oszustwo", "podejrzane", "podejrzany", "podejrzana",
    "haslo", "hasla", "ostrzezenie", "nie otwierac", "nie otwieraj", "wirus", "falszywy",
];

/// What a message tells its owner, and the words of the subject that show it.
#[rustfmt::skip] // a word a line would hide the languages
pub(super) const NOTICES: &[(&str, &[&str])] = &[
    (
        "a new sign-in method",
        &[
            "security info was added", "security info was updated", "security info was deleted",
            "security info added", "security information added", "authenticator app was added",
            "new authentication method", "new sign in method", "authentication method added",
            "mfa method", "multi factor authentication", "two step verification",
            "two factor authentication", "security info verification", "authenticator registered",
            "sicherheitsinformationen", "sicherheitsinfo", "informations de securite",
            "beveiligingsgegevens", "informacion de seguridad", "informazioni di sicurezza",
            "informacje zabezpieczajace",
        ],
    ),
    (
        "a new device or sign-in",
        &[
            "new device", "device was registered", "new sign in", "unusual sign in", "new login",
            "sign in from a new", "unusual sign in activity", "neues gerat", "neue anmeldung",
            "nouvel appareil", "nouvelle connexion", "nieuw apparaat", "nuevo dispositivo",
            "nuovo dispositivo", "nowe urzadzenie",
        ],
    ),
    (
        "a changed password",
        &[
            "password reset", "password has been reset", "password was reset", "password change",
            "password has been changed", "password was changed", "reset your password",
            "password changed", "your password", "passwort zuruckgesetzt", "kennwort zuruckgesetzt",
            "passwort wurde", "kennwort wurde", "passwort geandert", "kennwort geandert",
            "mot de passe", "wachtwoord opnieuw", "wachtwoord gewijzigd", "wachtwoord is gewijzigd",
            "restablecer contrasena", "cambio de contrasena", "reimpostazione della password",
            "reimpostazione password", "zmiana hasla", "reset hasla",
        ],
    ),
    (
        "changed bank details",
        &[
            "direct deposit", "bank account change", "bank account was", "bank account has been",
            "bank details", "banking information", "payment election", "payment elections",
            "payroll change", "payroll account", "payment method", "account change",
            "bankverbindung", "coordonnees bancaires", "bankgegevens", "datos bancarios",
            "coordinate bancarie", "dane bankowe",
        ],
    ),
    (
        "a one-time code",
        &[
            "one time code", "one time passcode", "one time password", "verification code",
            "security code", "sign in code", "login code", "passcode", "otp", "einmalcode",
            "einmalkennwort", "bestatigungscode", "sicherheitscode", "code de verification",
            "code a usage unique", "verificatiecode", "beveiligingscode", "codigo de verificacion",
            "codigo de seguridad", "codice di verifica", "codice di sicurezza",
            "kod weryfikacyjny", "kod jednorazowy",
        ],
    ),
];
