//! User agents that no mail client and no browser has.

/// Tools made to attack or enumerate a tenant, by what stands in their agent in lower case.
const OFFENSIVE: &[&str] = &[
    "aadinternals",
    "azurehound",
    "bloodhound",
    "sharphound",
    "roadtools",
    "roadrecon",
    "teamfiltration",
    "kali365-live",
    "agentaxios",
    "graphrunner",
    "tokentactics",
    "msolspray",
    "o365spray",
    "trevorspray",
    "evilginx",
    "rclone",
    "mailsniper",
    "microburst",
    "powerzure",
    "stormspotter",
    "monkey365",
    "graphspy",
    "squarephish",
    "tokenman",
    "evilproxy",
    "o365-attack-toolkit",
    // The desktop client that TeamFiltration claims to be, years after anybody had it.
    "teams/1.3.00.30866 chrome/80.0.3987.165 electron/8.5.1",
];

/// Libraries and tools that programs use: no person signs in with them.
const LIBRARIES: &[&str] = &[
    "axios",
    "undici",
    "fasthttp",
    "go-http-client",
    "go-resty",
    "python-requests",
    "python-urllib",
    "aiohttp",
    "httpx",
    "postmanruntime",
    "curl/",
    "wget/",
    "okhttp",
    "node-fetch",
    "python/3",
    "reqwest",
    "guzzlehttp",
    "scrapy",
    "java-http-client",
    "apache-httpclient",
    "libwww-perl",
    "headlesschrome",
    "phantomjs",
];

/// What Exchange Online says in place of a client that gave it a password.
const PASSWORD_CLIENTS: &[&str] = &["bav2ropc", "cbainprod", "cbaintar"];

/// Shells of administrators.
const SHELLS: &[&str] = &["windowspowershell", "winrm", "powershell/"];

/// An operating system as agents and device records spell it: what is found first counts.
const SYSTEMS: &[(&str, System)] = &[
    ("windows phone", System::Android),
    ("android", System::Android),
    ("iphone", System::Apple),
    ("ipad", System::Apple),
    (" ios", System::Apple),
    ("mac os", System::Apple),
    ("macos", System::Apple),
    ("macintosh", System::Apple),
    ("darwin", System::Apple),
    ("windows", System::Windows),
    (" cros ", System::Android),
    ("linux", System::Android),
];

/// The family of an operating system. Tablets call themselves desktops at will, so an iPad counts
/// with a Mac and Android with Linux.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// Windows.
    Windows,
    /// macOS, iOS, iPadOS.
    Apple,
    /// Android, ChromeOS, Linux.
    Android,
}

impl System {
    /// Returns the word that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Windows => "Windows",
            Self::Apple => "macOS or iOS",
            Self::Android => "Android or Linux",
        }
    }
}

/// Returns the operating system that an agent, or a device record's own word, names.
#[must_use]
pub fn system(text: &str) -> Option<System> {
    // A device record says `iOS 17` alone, and `axios` is no phone.
    let text = format!(" {}", text.to_ascii_lowercase());
    let found = SYSTEMS.iter().find(|(name, _)| text.contains(name));
    found.map(|(_, system)| *system)
}

/// Browsers by what stands in their agents: what is found first counts, for each claims to be its elders.
const BROWSERS: &[(&str, &str)] = &[
    ("edge", "Edge"),
    ("edg/", "Edge"),
    ("edga/", "Edge"),
    ("edgios/", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
    ("trident", "Internet Explorer"),
    ("msie", "Internet Explorer"),
    ("rich client", "a desktop or mobile application"),
    ("outlook", "Outlook"),
    ("microsoft office", "Office"),
];

/// Returns the browser or client that an agent, or a device record's own word, names; empty if none.
#[must_use]
pub fn browser(text: &str) -> &'static str {
    let text = text.to_ascii_lowercase();
    let found = BROWSERS.iter().find(|(name, _)| text.contains(name));
    found.map_or("", |(_, browser)| browser)
}

/// Returns whether an agent stands for a client that handed a password over.
#[must_use]
pub fn is_password_client(agent: &str) -> bool {
    find(PASSWORD_CLIENTS, agent).is_some()
}

/// Returns whether an agent is an administrator's shell.
#[must_use]
pub fn is_shell(agent: &str) -> bool {
    find(SHELLS, agent).is_some()
}

/// Returns the offensive tool that an agent names.
#[must_use]
pub fn offensive(agent: &str) -> Option<&'static str> {
    find(OFFENSIVE, agent)
}

/// Returns the library that an agent names; `node` alone is one too.
#[must_use]
pub fn library(agent: &str) -> Option<&'static str> {
    if agent.trim().eq_ignore_ascii_case("node") {
        return Some("node");
    }
    find(LIBRARIES, agent)
}

/// Libraries that phishing kits sign in with; few honest programs sign in as a person with them.
const KITS: &[&str] = &[
    "axios",
    "undici",
    "fasthttp",
    "go-http-client",
    "go-resty",
    "python-requests",
    "node-fetch",
];

/// Returns the tool or library of a phishing kit that an agent names; `node` alone is one too.
#[must_use]
pub fn kit(agent: &str) -> Option<&'static str> {
    if agent.trim().eq_ignore_ascii_case("node") {
        return Some("node");
    }
    find(KITS, agent).or_else(|| offensive(agent))
}

/// Returns whether an agent names any of them.
#[must_use]
pub fn is_tool(agent: &str) -> bool {
    offensive(agent).is_some() || library(agent).is_some()
}

fn find(list: &'static [&'static str], agent: &str) -> Option<&'static str> {
    let agent = agent.to_ascii_lowercase();
    list.iter().find(|name| agent.contains(*name)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_tells_its_system_and_its_browser() {
        let phone = "Mozilla/5.0 (Linux; Android 11; Pixel) Chrome/91.0 Mobile Safari/537.36";
        assert_eq!(system(phone), Some(System::Android));
        assert_eq!(browser(phone), "Chrome");
        let tablet = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/15 Safari/605";
        assert_eq!(system(tablet), Some(System::Apple));
        assert_eq!(browser("Edge 97.0.1072"), "Edge");
        assert_eq!(system("iOS 17.2"), Some(System::Apple));
        for other in ["BAV2ROPC", "axios/1.7", "Microsoft WinRM Client"] {
            assert_eq!(system(other), None, "{other}");
        }
    }

    #[test]
    fn tools_are_told_from_libraries() {
        assert_eq!(offensive("azurehound/v2.1"), Some("azurehound"));
        assert_eq!(library("python-requests/2.28.0"), Some("python-requests"));
        assert_eq!(library("node"), Some("node"));
        assert!(!is_tool("Mozilla/5.0 (Windows NT 10.0) Firefox/120.0"));
        assert!(is_password_client("BAV2ROPC"));
        assert!(is_shell("Microsoft WinRM Client"));
    }
}
