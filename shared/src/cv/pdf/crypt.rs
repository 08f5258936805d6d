//! The standard security handler of PDF: RC4 and AES, revisions 2 to 6. Not certificates.
//!
//! Algorithms: ISO 32000-1 7.6 (revisions 2 to 4), ISO 32000-2 7.6.4 (5 and 6).
use super::object::{Dict, Obj};
use crate::cv::CvError;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use md5::{Digest, Md5};
use sha2::{Sha256, Sha384, Sha512};

/// The padding of passwords, ISO 32000-1 algorithm 2.
const PAD: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9,
    0xfe, 0x64, 0x53, 0x69, 0x7a,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    None,
    Rc4,
    Aes128,
    Aes256,
}

/// The opened cipher of a file.
pub struct Crypt {
    key: Vec<u8>,
    streams: Method,
    strings: Method,
}

/// The entries of the encryption dictionary.
struct Handler {
    revision: i64,
    length: usize,
    owner: Vec<u8>,
    user: Vec<u8>,
    permissions: [u8; 4],
    id: Vec<u8>,
    metadata: bool,
    owner_key: Vec<u8>,
    user_key: Vec<u8>,
}

impl Crypt {
    /// Opens the file with no password, then with the one given (as the user's or the owner's).
    ///
    /// # Errors
    /// [`CvError::PasswordNeeded`] or [`CvError::PasswordWrong`].
    pub fn open(dict: &Dict, id: &[u8], password: Option<&str>, resolve: &dyn Fn(&Obj) -> Obj) -> Result<Self, CvError> {
        let refused = if password.is_some_and(|p| !p.is_empty()) { CvError::PasswordWrong } else { CvError::PasswordNeeded };
        let bytes = |key: &str| resolve(dict.get(key)).bytes().map(<[u8]>::to_vec).unwrap_or_default();
        let int = |key: &str| resolve(dict.get(key)).int();
        if resolve(dict.get("Filter")).name() != Some("Standard") {
            return Err(refused);
        }
        let version = int("V").unwrap_or(0);
        let revision = int("R").unwrap_or(2);
        let mut length = usize::try_from(int("Length").unwrap_or(40)).unwrap_or(40) / 8;
        let (mut streams, mut strings) = (Method::Rc4, Method::Rc4);
        if version >= 4 {
            let filters = resolve(dict.get("CF"));
            let method = |key: &str| {
                let name = resolve(dict.get(key));
                let filter = filters.dict().map_or(Obj::Null, |f| resolve(f.get(name.name().unwrap_or("Identity"))));
                match filter.dict().map(|f| resolve(f.get("CFM"))).as_ref().and_then(Obj::name) {
                    Some("V2") => Method::Rc4,
                    Some("AESV2") => Method::Aes128,
                    Some("AESV3") => Method::Aes256,
                    _ => Method::None,
                }
            };
            (streams, strings) = (method("StmF"), method("StrF"));
            length = 16;
        } else if version == 1 {
            length = 5;
        }
        let permissions = int("P").unwrap_or(0).to_le_bytes();
        let handler = Handler {
            revision,
            length: length.clamp(5, 16),
            owner: bytes("O"),
            user: bytes("U"),
            permissions: [permissions[0], permissions[1], permissions[2], permissions[3]],
            id: id.to_vec(),
            metadata: !matches!(resolve(dict.get("EncryptMetadata")), Obj::Bool(false)),
            owner_key: bytes("OE"),
            user_key: bytes("UE"),
        };
        let mut tries: Vec<Vec<u8>> = vec![Vec::new()];
        if let Some(password) = password {
            tries.push(password.as_bytes().to_vec());
            // Up to revision 4 passwords are bytes of PDFDocEncoding, Latin-1 for most.
            if revision < 5 {
                tries.extend(password.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>());
            }
        }
        tries.iter().find_map(|password| handler.key(password)).map(|key| Self { key, streams, strings }).ok_or(refused)
    }

    /// The plain bytes of a stream of the object `id`.
    pub fn stream(&self, id: (u32, u16), bytes: &[u8]) -> Vec<u8> {
        self.decrypt(self.streams, id, bytes)
    }

    /// The plain bytes of a string in the object `id`.
    pub fn string(&self, id: (u32, u16), bytes: &[u8]) -> Vec<u8> {
        self.decrypt(self.strings, id, bytes)
    }

    fn decrypt(&self, method: Method, (number, generation): (u32, u16), bytes: &[u8]) -> Vec<u8> {
        let own_key = |salt: &[u8]| {
            let number = number.to_le_bytes();
            let seed = [&self.key, &number[..3], &generation.to_le_bytes()[..], salt].concat();
            let mut key = Md5::digest(seed).to_vec();
            key.truncate((self.key.len() + 5).min(16));
            key
        };
        match method {
            Method::None => bytes.to_vec(),
            Method::Rc4 => rc4(&own_key(b""), bytes),
            Method::Aes128 => unpad(cbc_decrypt_with_iv(&own_key(b"sAlT"), bytes)),
            Method::Aes256 => unpad(cbc_decrypt_with_iv(&self.key, bytes)),
        }
    }
}

impl Handler {
    /// The file's key, if `password` is the user's or the owner's.
    fn key(&self, password: &[u8]) -> Option<Vec<u8>> {
        if self.revision >= 5 {
            return self.long_key(password.get(..127).unwrap_or(password));
        }
        self.user_opens(password).or_else(|| {
            // Algorithm 7: the owner's password gives the user's.
            let mut key = Md5::digest(padded(password)).to_vec();
            if self.revision >= 3 {
                for _ in 0..50 {
                    key = Md5::digest(&key).to_vec();
                }
            }
            key.truncate(self.length);
            let mut user = self.owner.get(..32)?.to_vec();
            let rounds = if self.revision >= 3 { 20 } else { 1 };
            for round in (0..rounds).rev() {
                user = rc4(&key.iter().map(|b| b ^ round).collect::<Vec<_>>(), &user);
            }
            self.user_opens(&user)
        })
    }

    fn user_opens(&self, password: &[u8]) -> Option<Vec<u8>> {
        // Algorithm 2.
        let open: &[u8] = if self.revision >= 4 && !self.metadata { &[0xff; 4] } else { &[] };
        let seed = [&padded(password)[..], self.owner.get(..32)?, &self.permissions, &self.id, open].concat();
        let mut key = Md5::digest(seed).to_vec();
        if self.revision >= 3 {
            for _ in 0..50 {
                key = Md5::digest(key.get(..self.length)?).to_vec();
            }
        }
        key.truncate(self.length);
        // Algorithms 4 and 5.
        let fits = if self.revision >= 3 {
            let mut check = Md5::digest([&PAD[..], &self.id].concat()).to_vec();
            for round in 0..20 {
                check = rc4(&key.iter().map(|b| b ^ round).collect::<Vec<_>>(), &check);
            }
            self.user.get(..16)? == check
        } else {
            self.user.get(..32)? == rc4(&key, &PAD)
        };
        fits.then_some(key)
    }

    /// Algorithm 2.A of ISO 32000-2.
    fn long_key(&self, password: &[u8]) -> Option<Vec<u8>> {
        let part = |of: &[u8], from: usize, to: usize| of.get(from..to).map(<[u8]>::to_vec);
        let user = part(&self.user, 0, 48)?;
        if self.hash(password, &part(&user, 32, 40)?, &[]) == part(&user, 0, 32)? {
            let key = self.hash(password, &part(&user, 40, 48)?, &[]);
            return cbc_decrypt(&key, &[0; 16], self.user_key.get(..32)?);
        }
        let owner = part(&self.owner, 0, 48)?;
        if self.hash(password, &part(&owner, 32, 40)?, &user) == part(&owner, 0, 32)? {
            let key = self.hash(password, &part(&owner, 40, 48)?, &user);
            return cbc_decrypt(&key, &[0; 16], self.owner_key.get(..32)?);
        }
        None
    }

    /// Algorithm 2.B of ISO 32000-2; plain SHA-256 in revision 5.
    fn hash(&self, password: &[u8], salt: &[u8], user: &[u8]) -> Vec<u8> {
        let mut key = Sha256::digest([password, salt, user].concat()).to_vec();
        if self.revision < 6 {
            return key;
        }
        let (mut round, mut last) = (0_u32, 0_u32);
        while round < 64 || last + 32 > round {
            let block = [password, &key, user].concat().repeat(64);
            let (half, iv) = key.split_at(16);
            let sealed = cbc_encrypt(half, iv.get(..16).unwrap_or(&[0; 16]), &block);
            let rest: u32 = sealed.iter().take(16).map(|b| u32::from(*b)).sum::<u32>() % 3;
            key = match rest {
                0 => Sha256::digest(&sealed).to_vec(),
                1 => Sha384::digest(&sealed).to_vec(),
                _ => Sha512::digest(&sealed).to_vec(),
            };
            last = sealed.last().copied().map_or(0, u32::from);
            round += 1;
        }
        key.truncate(32);
        key
    }
}

fn padded(password: &[u8]) -> [u8; 32] {
    let mut padded = [0; 32];
    for (to, from) in padded.iter_mut().zip(password.iter().chain(&PAD)) {
        *to = *from;
    }
    padded
}

fn rc4(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    if key.is_empty() {
        return bytes.to_vec();
    }
    let mut state: [u8; 256] = std::array::from_fn(|at| u8::try_from(at).unwrap_or(0));
    let mut other = 0_u8;
    for (at, k) in (0..=255_u8).zip(key.iter().cycle()) {
        other = other.wrapping_add(state[usize::from(at)]).wrapping_add(*k);
        state.swap(usize::from(at), usize::from(other));
    }
    let (mut at, mut other) = (0_u8, 0_u8);
    let step = |b: &u8| {
        at = at.wrapping_add(1);
        other = other.wrapping_add(state[usize::from(at)]);
        state.swap(usize::from(at), usize::from(other));
        b ^ state[usize::from(state[usize::from(at)].wrapping_add(state[usize::from(other)]))]
    };
    bytes.iter().map(step).collect()
}

fn cbc_decrypt_with_iv(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    match bytes.split_at_checked(16) {
        Some((iv, sealed)) => cbc_decrypt(key, iv, sealed).unwrap_or_default(),
        None => Vec::new(),
    }
}

/// CBC without padding; a broken last block is left out. `None` for a key of neither 16 nor 32 bytes.
fn cbc_decrypt(key: &[u8], iv: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    fn run<C: BlockCipherDecrypt>(cipher: &C, iv: &[u8], sealed: &[u8]) -> Vec<u8> {
        let mut open = Vec::with_capacity(sealed.len());
        let mut before = iv;
        for chunk in sealed.chunks_exact(16) {
            let Ok(mut block) = aes::cipher::Block::<C>::try_from(chunk) else { break };
            cipher.decrypt_block(&mut block);
            open.extend(block.iter().zip(before).map(|(b, v)| b ^ v));
            before = chunk;
        }
        open
    }
    match key.len() {
        16 => Some(run(&aes::Aes128::new_from_slice(key).ok()?, iv, sealed)),
        32 => Some(run(&aes::Aes256::new_from_slice(key).ok()?, iv, sealed)),
        _ => None,
    }
}

fn cbc_encrypt(key: &[u8], iv: &[u8], bytes: &[u8]) -> Vec<u8> {
    let Ok(cipher) = aes::Aes128::new_from_slice(key) else { return Vec::new() };
    let mut sealed: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut before = iv.to_vec();
    for chunk in bytes.chunks_exact(16) {
        let mixed: Vec<u8> = chunk.iter().zip(&before).map(|(b, v)| b ^ v).collect();
        let Ok(mut block) = aes::Block::try_from(&mixed[..]) else { break };
        cipher.encrypt_block(&mut block);
        before = block.to_vec();
        sealed.extend_from_slice(&before);
    }
    sealed
}

fn unpad(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(last) = bytes.last().copied().map(usize::from)
        && (1..=16).contains(&last)
        && last <= bytes.len()
    {
        bytes.truncate(bytes.len() - last);
    }
    bytes
}
