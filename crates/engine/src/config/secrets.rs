//! Secrets by reference: the configuration says where one is, never what it is.

use cloud::Secret;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where a secret is to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// `env:NAME`: a variable of the environment.
    Environment(String),
    /// `file:PATH`: a file that only its owner may read.
    File(PathBuf),
    /// `cmd:COMMAND`: what a command prints.
    Command(String),
}

/// A secret and what it was fetched as.
pub(crate) type Held = Result<Secret, String>;

impl Reference {
    /// Reads a reference; what is none is refused without being repeated, for it may be the secret itself.
    pub(crate) fn read(key: &str, text: &str) -> Result<Self, String> {
        let reference = match text.trim().split_once(':') {
            Some(("env", name)) => Self::Environment(name.to_owned()),
            Some(("file", path)) => Self::File(PathBuf::from(path)),
            Some(("cmd", command)) => Self::Command(command.to_owned()),
            Some(("keyring" | "vault", name)) => {
                return Err(format!(
                    "`{key}` names a keyring, which this program does not open itself: use the keyring's own \
                     tool, such as `cmd:secret-tool lookup breachscope {name}`"
                ));
            }
            _ => {
                return Err(format!(
                    "`{key}` must say where the secret is, not what it is: `env:NAME`, `file:PATH` or \
                     `cmd:COMMAND`. If it was the secret itself, it is known to whoever can read this file: \
                     replace it"
                ));
            }
        };
        let named = match &reference {
            Self::Environment(name) => !name.is_empty(),
            Self::File(path) => !path.as_os_str().is_empty(),
            Self::Command(command) => !command.trim().is_empty(),
        };
        if named {
            Ok(reference)
        } else {
            Err(format!("`{key}` names nothing behind the colon"))
        }
    }

    /// Returns the reference as it is written.
    pub(crate) fn told(&self) -> String {
        match self {
            Self::Environment(name) => format!("env:{name}"),
            Self::File(path) => format!("file:{}", path.display()),
            Self::Command(command) => format!("cmd:{command}"),
        }
    }

    /// Fetches the secret, as it is now.
    pub(crate) fn fetch(&self) -> Held {
        let text = match self {
            Self::Environment(name) => {
                std::env::var(name).map_err(|_| format!("the variable `{name}` is not set"))?
            }
            Self::File(path) => {
                only_its_owner(path)?;
                std::fs::read_to_string(path)
                    .map_err(|error| format!("cannot read `{}`: {error}", path.display()))?
            }
            Self::Command(command) => printed(command)?,
        };
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(format!("`{}` is empty", self.told()));
        }
        Ok(Secret::from(text.to_owned()))
    }

    /// Puts another secret in the place of the one that is there, in one step; only a file can be written to.
    pub(crate) fn replace(&self, secret: &Secret) -> Result<(), String> {
        let Self::File(path) = self else {
            return Err(format!("`{}` cannot be written to", self.told()));
        };
        let folder = path.parent().unwrap_or(Path::new("."));
        let write = || -> std::io::Result<()> {
            // Such a file is made for its owner alone.
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(secret.reveal().as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|failed| failed.error)?;
            Ok(())
        };
        write().map_err(|error| format!("cannot write `{}`: {error}", path.display()))
    }
}

/// Who is not the owner, in the mode of a file.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

#[cfg(unix)]
fn only_its_owner(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let about = std::fs::metadata(path)
        .map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
    if about.permissions().mode() & OTHERS == 0 {
        Ok(())
    } else {
        Err(format!(
            "`{path}` can be read by others: run `chmod 600 {path}`",
            path = path.display()
        ))
    }
}

#[cfg(not(unix))]
fn only_its_owner(_path: &Path) -> Result<(), String> {
    Ok(())
}

fn printed(command: &str) -> Result<String, String> {
    let (shell, flag) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let output = Command::new(shell)
        .arg(flag)
        .arg(command)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot run `{command}`: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{command}` ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{command}` printed no text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_where_the_reference_says() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret");
        std::fs::write(&path, "s3cret\n").expect("written");
        let reference = Reference::File(path.clone());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("set");
            let why = reference.fetch().expect_err("others can read it");
            assert!(why.contains("chmod 600"), "{why}");
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("set");
        }
        assert!(reference.fetch().is_ok());
        assert!(
            Reference::read("secret", "cmd:printf abc")
                .expect("read")
                .fetch()
                .is_ok()
        );
        assert!(
            Reference::read("secret", "cmd:false")
                .expect("read")
                .fetch()
                .is_err()
        );
        assert!(
            Reference::read("secret", "env:BREACHSCOPE_NO_SUCH_VARIABLE")
                .expect("read")
                .fetch()
                .is_err()
        );
    }

    #[test]
    fn a_literal_is_refused_and_not_repeated() {
        for text in ["hunter2", "env:", "Server=x;Key=y", "https://x/?sig=z"] {
            let why = Reference::read("secret", text).expect_err("refused");
            assert!(!why.contains("hunter2") && !why.contains("sig=z"), "{why}");
        }
    }
}
