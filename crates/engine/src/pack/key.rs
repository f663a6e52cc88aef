//! The key that evidence packs are signed with: made once for a data folder, never leaving it.

use crate::error::EngineError;
use custody::SigningKey;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Returns the key of a data folder, making it when there is none.
pub(super) fn of(data_folder: &Path) -> Result<SigningKey, EngineError> {
    match known(data_folder)? {
        Some(key) => Ok(key),
        None => make(&path_in(data_folder)),
    }
}

fn path_in(data_folder: &Path) -> PathBuf {
    data_folder.join("keys").join("evidence.key")
}

/// Returns the key of a data folder, where there is one.
pub(super) fn known(data_folder: &Path) -> Result<Option<SigningKey>, EngineError> {
    let path = path_in(data_folder);
    match fs::read(&path) {
        Ok(bytes) => read(&bytes).map(Some).ok_or(EngineError::BadKey { path }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(EngineError::Key { path, source }),
    }
}

fn read(bytes: &[u8]) -> Option<SigningKey> {
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let mut secret = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, digits) in secret.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(SigningKey::from_bytes(&secret))
}

fn make(path: &Path) -> Result<SigningKey, EngineError> {
    let failed = |source| EngineError::Key {
        path: PathBuf::from(path),
        source,
    };
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| failed(io::Error::other(error)))?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path).map_err(failed)?;
    writeln!(file, "{}", crate::investigate::hex(&secret))
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    Ok(SigningKey::from_bytes(&secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_kept_from_others() {
        let folder = tempfile::tempdir().unwrap();
        let first = of(folder.path()).unwrap().public().fingerprint();
        assert_eq!(of(folder.path()).unwrap().public().fingerprint(), first);
        let path = folder.path().join("keys").join("evidence.key");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
        fs::write(&path, "not a key").unwrap();
        assert!(matches!(of(folder.path()), Err(EngineError::BadKey { .. })));
    }
}
