//! A static file server with a request log, on `std` alone. For development and tests on this machine, not for the
//! open internet: any static host serves the same folder.
use anyhow::{Context, Result};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The head of a request may have this many bytes.
const HEAD_BYTES_MAX: u64 = 16 * 1024;
/// A client that says nothing for this long is dropped.
const READ_SECONDS_MAX: u64 = 10;

/// A request that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `HEAD`, …
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// The status it was answered with.
    pub status: u16,
}

/// A running server; stops when dropped.
pub struct Server {
    address: SocketAddr,
    prefix: String,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

/// What all connections use.
struct Shared {
    folder: PathBuf,
    prefix: String,
    stopped: AtomicBool,
    log: Mutex<Vec<Request>>,
}

impl Shared {
    fn log(&self) -> MutexGuard<'_, Vec<Request>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Server {
    /// Serves `folder` under the path `prefix` on this machine; port 0 takes any free one.
    pub fn start(folder: &Path, prefix: &str, port: u16) -> Result<Self> {
        let folder = folder.canonicalize().with_context(|| format!("no folder {}", folder.display()))?;
        let inner = prefix.trim_matches('/');
        let prefix = if inner.is_empty() { "/".to_owned() } else { format!("/{inner}/") };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("port {port} is taken; name another with --port"))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            folder,
            prefix: prefix.clone(),
            stopped: AtomicBool::new(false),
            log: Mutex::new(Vec::new()),
        });
        let accepting = {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || {
                for stream in listener.incoming() {
                    if shared.stopped.load(Ordering::SeqCst) {
                        return;
                    }
                    if let Ok(stream) = stream {
                        let shared = Arc::clone(&shared);
                        std::thread::spawn(move || {
                            // A client that went away is no matter of the server's.
                            let _gone = answer(stream, &shared);
                        });
                    }
                }
            })
        };
        Ok(Self { address, prefix, shared, accepting: Some(accepting) })
    }

    /// The address of the site's root.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.prefix)
    }

    /// The requests so far, in the order they were answered.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.log().clone()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.log().clear();
    }

    /// Closes the port; what still arrives on an open connection is logged, and not answered.
    pub fn stop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        if let Some(accepting) = self.accepting.take() {
            // Wakes the loop, which then drops the listener.
            let _woken = TcpStream::connect(self.address);
            let _ended = accepting.join();
        }
    }

    /// Waits until the server is stopped: for a program that does nothing else.
    pub fn wait(mut self) {
        if let Some(accepting) = self.accepting.take() {
            let _ended = accepting.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// An answer before it is sent.
struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn text(status: u16, text: &str) -> Self {
        Self { status, headers: vec![("Content-Type", "text/plain; charset=utf-8".into())], body: text.into() }
    }
}

/// Reads one request and answers it; the connection is closed after it.
fn answer(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(READ_SECONDS_MAX)))?;
    let mut reader = BufReader::new(&stream).take(HEAD_BYTES_MAX);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_ascii_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(()) };
    let mut header = String::new();
    while reader.read_line(&mut header)? > 0 && !header.trim_end().is_empty() {
        header.clear();
    }
    let stopped = shared.stopped.load(Ordering::SeqCst);
    let answer = match method {
        _ if stopped => Answer::text(503, "stopped"),
        "GET" | "HEAD" => file_answer(target, shared),
        _ => Answer::text(405, "only GET and HEAD"),
    };
    shared.log().push(Request { method: method.into(), target: target.into(), status: answer.status });
    if stopped {
        return Ok(());
    }
    let mut head = format!("HTTP/1.1 {} {}\r\n", answer.status, reason(answer.status));
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", answer.body.len()));
    let mut stream = &stream;
    stream.write_all(head.as_bytes())?;
    if method == "GET" {
        stream.write_all(&answer.body)?;
    }
    stream.flush()
}

/// The file that a target names.
fn file_answer(target: &str, shared: &Shared) -> Answer {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    if format!("{path}/") == shared.prefix {
        let mut answer = Answer::text(301, "the site's root ends with a slash");
        answer.headers.push(("Location", shared.prefix.clone()));
        return answer;
    }
    let Some(relative) = path.strip_prefix(&shared.prefix).and_then(plain_path) else {
        return Answer::text(404, "not here");
    };
    let mut file = shared.folder.join(relative);
    if file.is_dir() {
        file.push("index.html");
    }
    // A link out of the folder is followed by nobody.
    let inside = file.canonicalize().is_ok_and(|real| real.starts_with(&shared.folder));
    match fs::read(&file) {
        Ok(body) if inside => {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let headers = vec![
                ("Content-Type", media_type(&name).to_owned()),
                ("Cache-Control", cache_control(&name).to_owned()),
                ("X-Content-Type-Options", "nosniff".to_owned()),
            ];
            Answer { status: 200, headers, body }
        }
        _ => Answer::text(404, "not here"),
    }
}

/// The path behind percent signs, where it stays inside its folder.
fn plain_path(path: &str) -> Option<PathBuf> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    let path = String::from_utf8(bytes).ok()?;
    let mut plain = PathBuf::new();
    for part in path.split('/') {
        match part {
            "" => {}
            "." | ".." => return None,
            part if part.contains(['\\', '\0', ':']) => return None,
            part => plain.push(part),
        }
    }
    Some(plain)
}

/// Names with a digest never change; everything else is asked for again.
fn cache_control(name: &str) -> &'static str {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let digest = stem.rsplit_once('-').map_or("", |(_, digest)| digest);
    let hashed = digest.len() == 10 && digest.bytes().all(|b| b.is_ascii_hexdigit());
    match () {
        () if name.ends_with(".html") => "no-store",
        () if hashed => "public, max-age=31536000, immutable",
        () => "no-cache",
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        405 => "Method Not Allowed",
        503 => "Service Unavailable",
        _ => "Not Found",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server over a small folder, and what it answers to raw requests.
    fn with_server(check: impl Fn(&mut Server, &dyn Fn(&Server, &str) -> String)) {
        static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let base = std::env::temp_dir().join(format!("waymark-server-{}-{number}", std::process::id()));
        fs::create_dir_all(base.join("site/pack")).unwrap();
        fs::write(base.join("secret.txt"), "secret").unwrap();
        fs::write(base.join("site/index.html"), "<h1>路标</h1>").unwrap();
        fs::write(base.join("site/page_bg-0123456789.wasm"), b"\0asm").unwrap();
        let mut server = Server::start(&base.join("site"), "/sub/", 0).unwrap();
        check(&mut server, &|server, head| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            stream.write_all(format!("{head}\r\nHost: x\r\n\r\n").as_bytes()).unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            text
        });
        drop(server);
        fs::remove_dir_all(base).unwrap();
    }

    #[test]
    fn files_come_with_type_and_cache_under_the_prefix() {
        with_server(|server, ask| {
            let page = ask(server, "GET /sub/ HTTP/1.1");
            assert!(page.starts_with("HTTP/1.1 200") && page.contains("text/html") && page.contains("no-store"));
            assert!(page.ends_with("<h1>路标</h1>"));
            let wasm = ask(server, "GET /sub/page_bg-0123456789.wasm?x=1 HTTP/1.1");
            assert!(wasm.contains("application/wasm") && wasm.contains("immutable"), "{wasm}");
            let head = ask(server, "HEAD /sub/index.html HTTP/1.1");
            assert!(head.contains("Content-Length: 15") && head.ends_with("\r\n\r\n"), "{head}");
            assert!(ask(server, "GET /sub HTTP/1.1").contains("Location: /sub/"));
            assert!(ask(server, "GET /index.html HTTP/1.1").starts_with("HTTP/1.1 404"));
            assert!(ask(server, "POST /sub/ HTTP/1.1").starts_with("HTTP/1.1 405"));
            let targets: Vec<String> = server.requests().into_iter().map(|r| format!("{} {}", r.status, r.target)).collect();
            assert_eq!(targets.first().map(String::as_str), Some("200 /sub/"));
            assert_eq!(targets.len(), 6);
        });
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        with_server(|server, ask| {
            for path in ["../secret.txt", "%2e%2e/secret.txt", "pack/..%2f..%2fsecret.txt", "..\\secret.txt", "%zz", "%"] {
                let answer = ask(server, &format!("GET /sub/{path} HTTP/1.1"));
                assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
            }
        });
    }

    #[test]
    fn a_stopped_server_takes_no_connection() {
        with_server(|server, _| {
            let address = server.address;
            server.stop();
            assert!(TcpStream::connect(address).is_err());
        });
    }
}
