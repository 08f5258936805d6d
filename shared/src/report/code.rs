//! The QR code on a printed plan: the codes of two occupations and of the skills to learn, for another device to go on from.
//! By construction nothing else: only what has the form of a code gets in. Not what the codes mean.
use qrcodegen::{QrCode, QrCodeEcc};
use serde::{Deserialize, Serialize};

/// Most bytes of its text, so that a phone reads it off paper: 81 modules a side at most. Ours.
const BYTES_MAX: usize = 440;
/// Empty modules around it (ISO/IEC 18004).
const MARGIN: i32 = 4;

/// What the code says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCode {
    text: String,
    skills: usize,
}

/// True for an id of the taxonomy: `51-2092`, `2.B.3.k`, `tech:c++`.
fn is_id(word: &str) -> bool {
    (1..=100).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:+".contains(&b))
}

impl PlanCode {
    /// From where, to where, by which skills, the first first; as many as fit.
    pub fn new<'a>(from: Option<&str>, target: Option<&str>, skills: impl IntoIterator<Item = &'a str>) -> Self {
        let mut code = Self { text: "waymark:1".to_owned(), skills: 0 };
        for (key, soc) in [("from", from), ("to", target)] {
            if let Some(soc) = soc.filter(|soc| is_id(soc)) {
                code.text += &format!(";{key}={soc}");
            }
        }
        for id in skills.into_iter().filter(|id| is_id(id)) {
            let head = if code.skills == 0 { ";learn=" } else { "," };
            if code.text.len() + head.len() + id.len() > BYTES_MAX {
                break;
            }
            code.text += &format!("{head}{id}");
            code.skills += 1;
        }
        code
    }

    /// What a reader of the code gets.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many skills it names.
    pub fn skills(&self) -> usize {
        self.skills
    }

    /// The code as SVG, named for readers by `label`, which must be escaped; empty if it were too long.
    pub fn svg(&self, label: &str) -> String {
        let Ok(code) = QrCode::encode_text(&self.text, QrCodeEcc::Medium) else { return String::new() };
        let side = code.size() + 2 * MARGIN;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                path += &format!("M{},{}h1v1h-1z", x + MARGIN, y + MARGIN);
            }
        }
        format!("<svg class=\"code\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\"/></svg>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader gets off the SVG, drawn with four pixels a module.
    fn read_back(svg: &str) -> String {
        let side: usize = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let mut dark = vec![vec![false; side]; side];
        for part in svg.split("<path d=\"").nth(1).unwrap().split('M').skip(1) {
            let (x, y) = part.split_once('h').unwrap().0.split_once(',').unwrap();
            dark[y.parse::<usize>().unwrap()][x.parse::<usize>().unwrap()] = true;
        }
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * 4, side * 4, |x, y| if dark[y / 4][x / 4] { 0 } else { 255 });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn a_reader_gets_the_codes() {
        let code = PlanCode::new(Some("51-2090"), Some("49-9041"), ["2.B.3.k", "tech:c++", "4.A.3.a.3.I01.D01"]);
        assert_eq!(code.text(), "waymark:1;from=51-2090;to=49-9041;learn=2.B.3.k,tech:c++,4.A.3.a.3.I01.D01");
        assert_eq!((code.skills(), read_back(&code.svg("x"))), (3, code.text().to_owned()));
        let many: Vec<String> = (0..100).map(|n| format!("4.A.3.a.3.I{n:02}.D01")).collect();
        let long = PlanCode::new(None, None, many.iter().map(String::as_str));
        assert!(long.text().len() <= BYTES_MAX && long.skills() > 20);
        assert_eq!(read_back(&long.svg("x")), long.text());
    }

    #[test]
    fn nothing_but_codes_gets_in() {
        for canary in ["王小明", "Jane Canary", "li.lei@example.com", "a;b", "a=b", "", "<x>", &"9".repeat(101)] {
            let code = PlanCode::new(Some(canary), Some(canary), [canary]);
            assert_eq!((code.text(), code.skills()), ("waymark:1", 0), "{canary}");
        }
    }
}
