//! What page and worker say to each other: postcard bytes in one transferred buffer, beside it the Blobs a call needs.
//! Every call carries all its context, so that a fresh worker can replay it. Not how they are sent: `client`, `host`.
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use waymark_shared::analyse::{Analysis, PersonalSpan, SpanLink, TagSetName};
use waymark_shared::corrections::Judged;
use waymark_shared::profile::Profile;
use waymark_shared::cv::{CvError, CvText, NoticeKind};
use waymark_shared::text::Sentence;

use crate::i18n::Lang;
use crate::state::{DrawnPage, State};

/// Names the sources both sides were built from; a worker of another build refuses.
pub const BUILD_HASH: &str = env!("WAYMARK_SOURCES");

/// Names what the page keeps on the device when asked, sealed: in its storage, and as a file that the worker hands it.
pub const KEPT: &str = "waymark.kept";

/// A call: a request with the type of its reply.
pub trait Call: Into<Request> {
    /// What comes back.
    type Reply: Serialize + DeserializeOwned;
}

/// One request with the name of the build and a number for its replies.
#[derive(Debug, Serialize, Deserialize)]
pub struct Envelope<B> {
    /// [`BUILD_HASH`] of the sender.
    pub build_hash: String,
    /// Counts the calls of one page.
    pub job: u32,
    /// The request or the event.
    pub body: B,
}

impl<B> Envelope<B> {
    /// Wraps a body under this build's name.
    pub fn new(job: u32, body: B) -> Self {
        Self { build_hash: BUILD_HASH.to_owned(), job, body }
    }
}

/// Everything a page can ask.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// Engine: verify the pack and build the model.
    LoadPack(LoadPack),
    /// Reader: turn a file into text.
    ReadCv(ReadCv),
    /// Engine: find what a text shows.
    AnalyseCv(AnalyseCv),
    /// Engine: find competences by words.
    FindCompetences(FindCompetences),
    /// Engine: write a profile as a file.
    WriteProfile(WriteProfile),
    /// Engine: write what was corrected as lines for the trainer.
    WriteTraining(WriteTraining),
    /// Any: try to reach the network.
    ProbeNetwork(ProbeNetwork),
    /// Studio: verify the data and make the pages ready.
    LoadStudio(LoadStudio),
    /// Studio: draw a page, or what changed of it.
    Draw(Draw),
    /// Studio: take a file of the person's into a page.
    TakeFile(TakeFile),
    /// Studio: hold an advertisement against the person.
    TakeAd(TakeAd),
    /// Studio: write something shown as a file.
    SaveDrawn(SaveDrawn),
}

/// Verify and load; Blob 0 is the manifest, the rest follow `paths`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LoadPack {
    /// Expected digest of the manifest, lower-case hex.
    pub manifest_sha256: String,
    /// Paths of the files as the manifest names them, in the order of the Blobs.
    pub paths: Vec<String>,
}

/// Verify the data of the pack and hold them; Blobs and paths as in [`LoadPack`], the host's own table last where
/// there is one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LoadStudio {
    /// The files.
    pub pack: LoadPack,
    /// What the market's runs are to be computed by.
    pub engine: EngineAsked,
}

/// What the market's runs are to be computed by: `?engine=` of the address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EngineAsked {
    /// A GPU where there is one, else the lanes.
    #[default]
    Auto,
    /// Whatever WebGPU gives, software too (for tests: it is slow).
    Gpu,
    /// The lanes.
    Simd,
}

impl EngineAsked {
    /// Of the part of an address that begins with `?`; what is missing or unknown is [`EngineAsked::Auto`].
    pub fn of(search: &str) -> Self {
        match search.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("engine=")) {
            Some("gpu") => Self::Gpu,
            Some("simd") => Self::Simd,
            _ => Self::Auto,
        }
    }
}

/// What the drawn pages know of the person: what the review keeps, and what the CV looks like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// What is kept.
    pub profile: Profile,
    /// Occupations the CV describes, by code, the likeliest first.
    pub occupations: Vec<String>,
}

/// Draw a page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draw {
    /// Which.
    pub page: DrawnPage,
    /// In which language.
    pub lang: Lang,
    /// What the person set in it.
    pub state: State,
    /// The whole page anew, not only the parts that follow the state.
    pub whole: bool,
    /// Nothing is being moved: what takes longer is worth computing.
    pub settled: bool,
    /// What is typed in it: never part of the state, and so of no address. [`KEPT`] stands among it where something is kept.
    pub asked: Vec<(String, String)>,
    /// Width of the page in CSS pixels.
    pub width: u32,
    /// The person's day, as 2026-11-24.
    pub today: String,
    /// The person, where a CV was reviewed.
    pub person: Option<Person>,
}

/// Take a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeFile {
    /// Into which page.
    pub page: DrawnPage,
    /// As what, by the name of its input.
    pub what: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Take a job advertisement as the engine analysed it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeAd {
    /// Its text.
    pub text: String,
    /// What was found in it.
    pub analysis: Analysis,
}

/// Write something shown as a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SaveDrawn {
    /// The page as it stands.
    pub draw: Draw,
    /// What, by the name of its button.
    pub what: String,
}

/// A page as drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// The state as it was understood.
    pub state: State,
    /// HTML by the part that it fills; `page` fills the whole page and comes first.
    pub parts: Vec<(String, String)>,
}

/// A file to save.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawnFile {
    /// Its name; [`KEPT`] is no file, but kept on the device in place of what was, nothing for an empty one.
    pub name: String,
    /// What it holds; of a picture the page makes pixels where its name ends in `.png`.
    pub text: String,
}

/// Read one file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadCv {
    /// Where the bytes are.
    pub source: Source,
    /// For a protected file.
    pub password: Option<String>,
}

/// Where the bytes of a CV are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// Blob 0 of the message.
    Attached,
    /// Text from the paste box.
    Pasted(String),
    /// One of the invented CVs that the worker carries.
    Sample(Sample),
}

/// The invented CVs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sample {
    /// A production line worker, in English.
    LineWorkerEn,
    /// The same in Chinese.
    LineWorkerZh,
    /// An office administrator, in English.
    OfficeAdminEn,
    /// An accountant, in Chinese.
    AccountantZh,
}

/// Analyse a text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnalyseCv {
    /// The text as shown.
    pub text: String,
    /// What to look for.
    pub tag_set: TagSetName,
    /// A job advertisement, not a CV.
    pub advertisement: bool,
}

/// Find competences for what a person typed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindCompetences {
    /// The words.
    pub query: String,
}

/// Write a profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WriteProfile {
    /// What is kept.
    pub profile: Profile,
    /// As a table (CSV), not as JSON Resume.
    pub table: bool,
}

/// Write what a person made of the tags as lines for the trainer, personal data masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WriteTraining {
    /// The text as shown.
    pub text: String,
    /// Its sentences.
    pub sentences: Vec<Sentence>,
    /// Personal data in it.
    pub personal: Vec<PersonalSpan>,
    /// The tags with what became of them.
    pub judged: Vec<Judged>,
}

/// Try to fetch a URL.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProbeNetwork {
    /// Absolute.
    pub url: String,
}

/// A CV as read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadReply {
    /// Its text.
    pub cv: CvText,
    /// What the person should know.
    pub notices: Vec<NoticeKind>,
    /// What was kept, where the file is one that the review saved.
    pub profile: Option<Profile>,
}

/// The competences nearest to some words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The likeliest first, however unlikely.
    pub nearest: Vec<SpanLink>,
    /// What the words would be linked to by themselves.
    pub link: Option<SpanLink>,
}

/// True if the network could not be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused(pub bool);

macro_rules! calls {
    ($($call:ident => $reply:ty),+ $(,)?) => { $(
        impl From<$call> for Request {
            fn from(call: $call) -> Self { Self::$call(call) }
        }
        impl Call for $call {
            type Reply = $reply;
        }
    )+ };
}

calls! {
    LoadPack => Result<(), PackFault>,
    ReadCv => Result<ReadReply, CvFault>,
    AnalyseCv => Result<Analysis, ModelFault>,
    FindCompetences => Result<Found, ModelFault>,
    WriteProfile => String,
    WriteTraining => String,
    ProbeNetwork => Refused,
    LoadStudio => Result<(), PackFault>,
    Draw => Drawn,
    TakeFile => (),
    TakeAd => (),
    SaveDrawn => Option<DrawnFile>,
}

/// What a worker sends while a call runs and at its end.
#[derive(Debug, Serialize, Deserialize)]
pub enum Event {
    /// Still at it.
    Progress(Progress),
    /// The postcard bytes of the call's reply.
    Done(Vec<u8>),
    /// No reply will come.
    Failed(WorkerError),
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// At what.
    pub stage: Stage,
    /// Items done.
    pub done: usize,
    /// Items in all.
    pub total: usize,
}

/// What a worker is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Comparing digests; items are files.
    Verify,
    /// Analysing; items are sentences.
    Analyse,
}

/// Why a call has no reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WorkerError {
    /// The person stopped it.
    Cancelled,
    /// The device had no more memory to give.
    OutOfMemory,
    /// The worker stopped on an error of ours.
    Trap,
    /// Page and worker come from different builds.
    VersionMismatch,
    /// A file kept the reader busy beyond its time.
    TooSlow,
}

/// Why a pack was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PackFault {
    /// The manifest is not the one this site was built with, or cannot be read.
    Manifest,
    /// A file is not what the manifest says.
    Digest {
        /// Path in the pack.
        path: String,
    },
    /// The files are right, the model cannot be built from them.
    Model(ModelFault),
}

/// Why the model gave no answer, by kind of `ModelError`; the details stand in the worker's console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ModelFault {
    /// A file of it is not there.
    Missing,
    /// A file of it does not parse or has another shape.
    Malformed,
    /// A computation failed.
    Failed,
}

/// [`CvError`] by kind: that one is tagged for JSON, which postcard cannot read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CvFault {
    /// As [`CvError::Empty`].
    Empty,
    /// As [`CvError::Scan`].
    Scan,
    /// As [`CvError::PasswordNeeded`].
    PasswordNeeded,
    /// As [`CvError::PasswordWrong`].
    PasswordWrong,
    /// As [`CvError::Damaged`].
    Damaged,
    /// As [`CvError::NotACv`].
    NotACv,
    /// As [`CvError::OldDoc`].
    OldDoc,
    /// As [`CvError::ScriptPage`].
    ScriptPage,
    /// As [`CvError::OtherJson`].
    OtherJson,
    /// As [`CvError::ArchiveBomb`].
    ArchiveBomb,
    /// As [`CvError::ExternalEntity`].
    ExternalEntity,
    /// As [`CvError::OverBudget`].
    OverBudget,
}

impl From<&CvError> for CvFault {
    fn from(error: &CvError) -> Self {
        match error {
            CvError::Empty => Self::Empty,
            CvError::Scan => Self::Scan,
            CvError::PasswordNeeded => Self::PasswordNeeded,
            CvError::PasswordWrong => Self::PasswordWrong,
            CvError::Damaged { .. } => Self::Damaged,
            CvError::NotACv { .. } => Self::NotACv,
            CvError::OldDoc => Self::OldDoc,
            CvError::ScriptPage => Self::ScriptPage,
            CvError::OtherJson { .. } => Self::OtherJson,
            CvError::ArchiveBomb => Self::ArchiveBomb,
            CvError::ExternalEntity => Self::ExternalEntity,
            CvError::OverBudget { .. } => Self::OverBudget,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use waymark_shared::analyse::{CompetenceKind, DescribedOccupation, FoundBy, FoundSpan, LinkedBy, PersonalKind, SpanContext, SpanKind};
    use waymark_shared::cv::CvFormat;
    use waymark_shared::text::{Language, Section};

    fn there_and_back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T) {
        let bytes = postcard::to_allocvec(&value).unwrap();
        assert_eq!(postcard::from_bytes::<T>(&bytes).unwrap(), value);
    }

    #[test]
    fn the_engine_is_asked_for_in_the_address() {
        for (search, asked) in [("?engine=gpu", EngineAsked::Gpu), ("?a=b&engine=simd", EngineAsked::Simd), ("", EngineAsked::Auto), ("?engine=abacus", EngineAsked::Auto)] {
            assert_eq!(EngineAsked::of(search), asked, "{search}");
        }
    }

    #[test]
    fn every_reply_survives_the_wire() {
        let span = FoundSpan {
            start: 3,
            end: 9,
            kind: SpanKind::Maintenance,
            confidence: 0.75,
            context: SpanContext::Wanted,
            by: FoundBy::Rule,
        };
        let sentence = Sentence { start: 0, end: 9, section: Section::Skills, heading: false };
        there_and_back::<<AnalyseCv as Call>::Reply>(Ok(Analysis {
            tag_set: TagSetName::Line,
            language: Language::Mixed,
            sentences: vec![sentence],
            spans: vec![span],
            links: vec![vec![SpanLink {
                id: "tech:c++".into(),
                kind: CompetenceKind::Technology,
                name_en: "C++".into(),
                name_zh: String::new(),
                score: 1.0,
                by: LinkedBy::Name,
            }]],
            occupations: vec![DescribedOccupation {
                soc: "51-4121".into(),
                name_en: "Welders".into(),
                name_zh: "焊工".into(),
                score: 0.5,
                titles: vec![(0, 6)],
                competences: vec![("Weld".into(), "焊接".into())],
            }],
            personal: vec![PersonalSpan { start: 1, end: 2, kind: PersonalKind::Phone }],
        }));
        there_and_back::<<AnalyseCv as Call>::Reply>(Err(ModelFault::Failed));
        there_and_back::<<ReadCv as Call>::Reply>(Ok(ReadReply {
            cv: CvText { format: CvFormat::Docx, text: "焊工 welder".into() },
            notices: vec![NoticeKind::TrackedChanges],
            profile: Some(Profile::default()),
        }));
        there_and_back::<<ReadCv as Call>::Reply>(Err(CvFault::OverBudget));
        there_and_back::<<LoadPack as Call>::Reply>(Err(PackFault::Digest { path: "model/a/b".into() }));
        there_and_back::<<ProbeNetwork as Call>::Reply>(Refused(true));
    }

    #[test]
    fn an_envelope_carries_the_build_it_was_made_by() {
        let request = Request::from(AnalyseCv { text: "焊接".into(), tag_set: TagSetName::Open, advertisement: false });
        let bytes = postcard::to_allocvec(&Envelope::new(7, request)).unwrap();
        let back: Envelope<Request> = postcard::from_bytes(&bytes).unwrap();
        assert_eq!((back.build_hash.as_str(), back.job), (BUILD_HASH, 7));
    }
}
