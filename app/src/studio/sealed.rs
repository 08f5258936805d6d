//! Text sealed with a pass phrase: Argon2id makes the key, AES-256-GCM seals and tells a wrong phrase or a changed byte. Not
//! where it is kept, and no source of randomness.
use aes_gcm::aead::Aead;
use aes_gcm::{Aes256Gcm, KeyInit};
use argon2::{Algorithm, Argon2, Params, Version};
use waymark_shared::text::nfkc;

/// Bytes of the salt of the key.
const SALT: usize = 16;
/// Bytes of the nonce; with a salt of its own, every sealing has a key of its own too.
const NONCE: usize = 12;
/// What sealing takes of randomness.
pub type Random = [u8; SALT + NONCE];
/// What a sealed text begins with; another form or cost of the key gets another number.
const FORM: &str = "waymark-sealed-1:";
/// Memory in KiB, passes and lanes of Argon2id: the second of OWASP's equal settings (Password Storage Cheat Sheet, 2024).
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Seals a text: salt, nonce, cipher text and its check as hex behind the form. `random` must be new for every call. `None` if
/// the memory for the key (19 MiB) cannot be had.
pub fn seal(text: &str, phrase: &str, random: &Random) -> Option<String> {
    let (salt, nonce) = random.split_at(SALT);
    let cipher = cipher(phrase, salt)?.encrypt(nonce.try_into().ok()?, text.as_bytes()).ok()?;
    let hex: String = random.iter().chain(&cipher).map(|byte| format!("{byte:02x}")).collect();
    Some(FORM.to_owned() + &hex)
}

/// Opens a sealed text; `None` for a wrong phrase, and for what is no sealed text or not whole.
pub fn open(sealed: &str, phrase: &str) -> Option<String> {
    let hex = sealed.strip_prefix(FORM)?.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Vec<u8> = hex.chunks(2).map(byte).collect::<Option<_>>()?;
    let (salt, rest) = bytes.split_at_checked(SALT)?;
    let (nonce, text) = rest.split_at_checked(NONCE)?;
    String::from_utf8(cipher(phrase, salt)?.decrypt(nonce.try_into().ok()?, text).ok()?).ok()
}

/// The cipher of a phrase; one typed on another keyboard is the same phrase.
fn cipher(phrase: &str, salt: &[u8]) -> Option<Aes256Gcm> {
    let mut key = [0; 32];
    let params = Params::new(COST.0, COST.1, COST.2, Some(key.len())).ok()?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(nfkc(phrase).as_bytes(), salt, &mut key).ok()?;
    Aes256Gcm::new_from_slice(&key).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOM: Random = [7; SALT + NONCE];

    #[test]
    fn only_its_phrase_opens_a_sealed_text() {
        let sealed = seal("焊工 welder", "correct horse battery", &RANDOM).unwrap();
        assert!(!sealed.contains("welder") && sealed.is_ascii());
        assert_eq!(open(&sealed, "correct horse battery").as_deref(), Some("焊工 welder"));
        assert_eq!(open(&sealed, "ｃorrect horse battery").as_deref(), Some("焊工 welder"), "full width");
        for wrong in ["", "Correct horse battery", "correct horse battery "] {
            assert_eq!(open(&sealed, wrong), None, "{wrong}");
        }
        let other = seal("焊工 welder", "correct horse battery", &[8; SALT + NONCE]).unwrap();
        assert_ne!(sealed[FORM.len() + 2 * RANDOM.len()..], other[FORM.len() + 2 * RANDOM.len()..], "another salt, another text");
    }

    #[test]
    fn what_was_changed_or_cut_does_not_open() {
        let sealed = seal("x", "correct horse battery", &RANDOM).unwrap();
        let last = if sealed.ends_with('0') { "1" } else { "0" };
        let changed = sealed[..sealed.len() - 1].to_owned() + last;
        for wrong in [changed.as_str(), &sealed[..sealed.len() - 2], &sealed[..FORM.len() + 20], FORM, "", "waymark-sealed-1:zz", "waymark-sealed-2:00"] {
            assert_eq!(open(wrong, "correct horse battery"), None, "{wrong}");
        }
    }
}
