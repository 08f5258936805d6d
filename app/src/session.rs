//! One visit: what the page has reached, what it shows and what the person has decided. A state machine without DOM,
//! clock or network; the page renders it and feeds it events.
use waymark_shared::analyse::{Analysis, SpanLink, TagSetName};
use waymark_shared::cv::NoticeKind;
use waymark_shared::profile::Profile;

use crate::fault::Fault;
use crate::review::{Edit, Review};
use crate::state::DrawnPage;
use crate::worker::protocol::{CvFault, Progress, ReadReply};

/// Where a file came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Fetched.
    Network,
    /// Kept by this browser from an earlier visit.
    Device,
}

/// What is being fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The worker's program.
    Program,
    /// The model.
    Model,
}

/// How far loading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Loading {
    /// What is on its way.
    pub part: Part,
    /// Where from.
    pub origin: Origin,
    /// Bytes here.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}

/// A page without network.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sealed {
    /// Hours and minutes, as the person's clock shows them.
    pub clock: String,
    /// Milliseconds since the epoch.
    pub epoch_millis: u64,
    /// Milliseconds since the page began, as in the browser's list of requests.
    pub page_millis: u64,
    /// Bytes of model and data, as they came.
    pub model_bytes: u64,
    /// Where the model came from.
    pub origin: Origin,
    /// Files read from the device without a request, and their bytes.
    pub device: (usize, u64),
}

/// How far the page is with itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Fetching.
    Loading(Option<Loading>),
    /// Fetched; cutting the network, verifying, starting the model, testing the cut.
    Sealing,
    /// The CV input is open.
    Ready(Sealed),
    /// It will not open.
    Failed(Fault),
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Screen {
    /// File, paste, samples.
    Start,
    /// At work.
    Busy(Busy),
    /// The review.
    Review,
    /// A page that the worker draws.
    Drawn(DrawnPage),
}

/// What the page is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Busy {
    /// Reading a file.
    Reading,
    /// Analysing; sentences done and in all, once known.
    Analysing(Option<(usize, usize)>),
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Bytes arrived.
    Loading(Loading),
    /// The network goes off.
    Sealing,
    /// The page is ready.
    Ready(Sealed),
    /// The page will not get ready.
    LoadFailed(Fault),
    /// The person typed.
    Draft(String),
    /// A file is being read.
    Reading,
    /// It was read.
    Read(ReadReply),
    /// A text is being analysed.
    Analysing,
    /// Sentences are done.
    Progress(Progress),
    /// The text was analysed.
    Analysed(Analysis),
    /// The person wants the other tag set.
    PutAside,
    /// Reading or analysing failed or was stopped.
    Failed(Fault),
    /// Something beside reading failed; all stays as it is.
    SaveFailed(Fault),
    /// The person put away the password prompt.
    PasswordDropped,
    /// The person put away the message.
    MessageClosed,
    /// The person changed the review.
    Edited(Edit),
    /// The person took the last change back.
    Undone,
    /// What the words of an entry, by its number, were found to mean.
    Linked(usize, String, Option<SpanLink>),
    /// Another page; what was reviewed stays.
    Gone(Screen),
    /// Back to the start; the CV is forgotten.
    Another,
    /// Everything is forgotten.
    Forgotten,
}

/// The state of a visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// How far the page is with itself.
    pub stage: Stage,
    /// What it shows.
    pub screen: Screen,
    /// A message above it.
    pub message: Option<Fault>,
    /// A file waits for its password; true if one was wrong.
    pub password: Option<bool>,
    /// The text being analysed or reviewed.
    pub text: String,
    /// The text in the paste box.
    pub draft: String,
    /// What to know about the file.
    pub notices: Vec<NoticeKind>,
    /// What the file that was read had kept, until the review takes it up.
    pub kept: Option<Profile>,
    /// What was found.
    pub review: Option<Review>,
    /// The review of the same text under the other tag set, as it was left.
    pub aside: Option<Review>,
    /// Everything was just deleted.
    pub forgotten: bool,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            stage: Stage::Loading(None),
            screen: Screen::Start,
            message: None,
            password: None,
            text: String::new(),
            draft: String::new(),
            notices: Vec::new(),
            kept: None,
            review: None,
            aside: None,
            forgotten: false,
        }
    }
}

impl Session {
    /// True while a CV may be taken.
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Ready(_)) && self.screen == Screen::Start
    }

    /// The tag set under review.
    pub fn tag_set(&self) -> TagSetName {
        self.review.as_ref().map(|review| review.analysis.tag_set).unwrap_or_default()
    }

    /// Takes one event.
    pub fn apply(&mut self, event: Event) {
        match event {
            Event::Loading(loading) => self.stage = Stage::Loading(Some(loading)),
            Event::Sealing => self.stage = Stage::Sealing,
            Event::Ready(sealed) => self.stage = Stage::Ready(sealed),
            Event::LoadFailed(fault) => self.stage = Stage::Failed(fault),
            Event::Draft(text) => self.draft = text,
            Event::Reading => {
                (self.message, self.password, self.forgotten) = (None, None, false);
                self.notices.clear();
                self.screen = Screen::Busy(Busy::Reading);
            }
            Event::Read(reply) => {
                self.notices = reply.notices;
                self.kept = reply.profile;
                self.text = reply.cv.text;
            }
            Event::Analysing => {
                (self.message, self.forgotten) = (None, false);
                self.screen = Screen::Busy(Busy::Analysing(None));
            }
            Event::Progress(progress) => {
                if matches!(self.screen, Screen::Busy(Busy::Analysing(_))) {
                    self.screen = Screen::Busy(Busy::Analysing(Some((progress.done, progress.total))));
                }
            }
            Event::Analysed(analysis) => {
                let mut review = Review::new(std::mem::take(&mut self.text), analysis);
                if let Some(kept) = self.kept.take() {
                    review.restore(kept);
                }
                self.review = Some(review);
                self.screen = Screen::Review;
            }
            Event::PutAside => {
                std::mem::swap(&mut self.review, &mut self.aside);
                if let (None, Some(aside)) = (&self.review, &self.aside) {
                    self.text.clone_from(&aside.text);
                }
            }
            Event::Failed(fault) => self.fail(fault),
            Event::SaveFailed(fault) => self.message = Some(fault),
            Event::PasswordDropped => self.password = None,
            Event::MessageClosed => self.message = None,
            Event::Edited(edit) => self.reviewing(|review| review.edit(edit)),
            Event::Undone => self.reviewing(Review::undo),
            Event::Linked(number, words, found) => self.reviewing(|review| review.linked(number, &words, found)),
            Event::Gone(screen) => {
                if self.may_go(&screen) {
                    self.screen = screen;
                }
            }
            Event::Another => *self = Self { stage: self.stage.clone(), ..Self::default() },
            Event::Forgotten => *self = Self { stage: self.stage.clone(), forgotten: true, ..Self::default() },
        }
    }

    /// Whether a page can be shown now; never away from work under way.
    pub fn may_go(&self, screen: &Screen) -> bool {
        let open = match screen {
            Screen::Start => self.review.is_none(),
            Screen::Review => self.review.is_some(),
            Screen::Drawn(_) => true,
            Screen::Busy(_) => false,
        };
        open && matches!(self.stage, Stage::Ready(_)) && !matches!(self.screen, Screen::Busy(_))
    }

    fn reviewing(&mut self, act: impl FnOnce(&mut Review)) {
        if let Some(review) = self.review.as_mut() {
            act(review);
        }
    }

    /// Back to the start with all that was there, a text that was read in the paste box; or to the review that was put aside.
    fn fail(&mut self, fault: Fault) {
        if let Some(aside) = self.aside.take() {
            self.text.clear();
            (self.review, self.screen, self.message) = (Some(aside), Screen::Review, Some(fault));
            return;
        }
        let analysing = matches!(self.screen, Screen::Busy(Busy::Analysing(_)));
        self.screen = Screen::Start;
        if analysing && !self.text.is_empty() {
            self.draft = std::mem::take(&mut self.text);
        }
        match fault {
            Fault::Cv(CvFault::PasswordNeeded) => self.password = Some(false),
            Fault::Cv(CvFault::PasswordWrong) => self.password = Some(true),
            other => self.message = Some(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::protocol::{Stage as At, WorkerError};
    use waymark_shared::cv::{CvFormat, CvText};
    use waymark_shared::analyse::SpanKind;
    use waymark_shared::text::Language;

    fn ready() -> Session {
        let mut session = Session::default();
        assert!(!session.is_open());
        session.apply(Event::Sealing);
        assert!(!session.is_open());
        session.apply(Event::Ready(Sealed {
            clock: "14:02".into(),
            epoch_millis: 1,
            page_millis: 1,
            model_bytes: 9,
            origin: Origin::Device,
            device: (8, 9),
        }));
        assert!(session.is_open());
        session
    }

    fn analysis(tag_set: TagSetName) -> Analysis {
        Analysis { tag_set, language: Language::En, sentences: vec![], spans: vec![], links: vec![], occupations: vec![], personal: vec![] }
    }

    fn reply(text: &str) -> ReadReply {
        let notices = vec![NoticeKind::PicturePages];
        ReadReply { cv: CvText { format: CvFormat::Pdf, text: text.into() }, notices, profile: None }
    }

    #[test]
    fn a_file_goes_through_reading_and_analysis_to_the_review() {
        let mut session = ready();
        session.apply(Event::Reading);
        session.apply(Event::Read(reply("welder")));
        session.apply(Event::Analysing);
        session.apply(Event::Progress(Progress { stage: At::Analyse, done: 1, total: 2 }));
        assert_eq!(session.screen, Screen::Busy(Busy::Analysing(Some((1, 2)))));
        session.apply(Event::Analysed(analysis(TagSetName::Open)));
        assert_eq!(session.screen, Screen::Review);
        assert_eq!(session.review.as_ref().map(|review| review.text.as_str()), Some("welder"));
        assert_eq!(session.notices, [NoticeKind::PicturePages]);
        session.apply(Event::Another);
        assert!(session.is_open() && session.review.is_none() && session.text.is_empty());
    }

    #[test]
    fn a_failed_file_leaves_the_pasted_text_alone() {
        let mut session = ready();
        session.apply(Event::Draft("my own words".into()));
        session.apply(Event::Reading);
        session.apply(Event::Failed(Fault::Cv(CvFault::Scan)));
        assert_eq!((session.draft.as_str(), &session.message), ("my own words", &Some(Fault::Cv(CvFault::Scan))));
        assert!(session.is_open());
    }

    #[test]
    fn a_cancelled_analysis_keeps_the_text() {
        let mut session = ready();
        session.apply(Event::Reading);
        session.apply(Event::Read(reply("焊工")));
        session.apply(Event::Analysing);
        session.apply(Event::Failed(Fault::Worker(WorkerError::Cancelled)));
        assert_eq!((session.screen.clone(), session.draft.as_str()), (Screen::Start, "焊工"));
    }

    #[test]
    fn each_tag_set_keeps_its_own_review_of_the_text() {
        let mut session = ready();
        session.apply(Event::Reading);
        session.apply(Event::Read(reply("welder")));
        session.apply(Event::Analysing);
        session.apply(Event::Analysed(analysis(TagSetName::Open)));
        session.apply(Event::Edited(Edit::AddWords("welder".into(), SpanKind::Skill)));
        let mine = session.review.clone();

        // Stopped half-way: back to the review as it was, nothing in the paste box.
        session.apply(Event::PutAside);
        session.apply(Event::Analysing);
        session.apply(Event::Failed(Fault::Worker(WorkerError::Cancelled)));
        assert_eq!((&session.review, &session.screen, session.draft.as_str()), (&mine, &Screen::Review, ""));

        session.apply(Event::PutAside);
        assert!(session.review.is_none() && session.text == "welder");
        session.apply(Event::Analysing);
        session.apply(Event::Analysed(analysis(TagSetName::Line)));
        assert_eq!((session.tag_set(), session.review.as_ref().map(|r| r.text.as_str())), (TagSetName::Line, Some("welder")));
        session.apply(Event::PutAside);
        assert_eq!((&session.review, session.tag_set(), session.text.as_str()), (&mine, TagSetName::Open, ""));
        session.apply(Event::Another);
        assert!(session.aside.is_none());
    }

    #[test]
    fn a_protected_file_asks_for_its_password_without_a_message() {
        let mut session = ready();
        session.apply(Event::Reading);
        session.apply(Event::Failed(Fault::Cv(CvFault::PasswordNeeded)));
        assert_eq!((session.password, &session.message), (Some(false), &None));
        session.apply(Event::Reading);
        session.apply(Event::Failed(Fault::Cv(CvFault::PasswordWrong)));
        assert_eq!(session.password, Some(true));
    }

    #[test]
    fn progress_after_a_cancel_changes_nothing() {
        let mut session = ready();
        session.apply(Event::Progress(Progress { stage: At::Analyse, done: 1, total: 2 }));
        assert_eq!(session.screen, Screen::Start);
    }
}
