//! Messages by kind of fault: what happened, then what to do. That nothing is lost is said once, by the page.
use waymark_shared::cv::NoticeKind;

use super::{Lang, fill};
use crate::fault::{Fault, LoadFault};
use crate::worker::protocol::{CvFault, ModelFault, WorkerError};

/// A message in two parts, and what became of the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultText {
    /// What happened.
    pub what: String,
    /// What to do now.
    pub next: &'static str,
    /// What is kept.
    pub kept: &'static str,
}

/// (what, next) in English and in Chinese.
type Pair = [(&'static str, &'static str); 2];

fn cv(fault: CvFault) -> Pair {
    match fault {
        CvFault::Empty => [
            ("The file is empty.", "Check that it was saved, or paste the text."),
            ("文件是空的。", "请确认文件已保存，也可以直接粘贴。"),
        ],
        CvFault::Scan => [
            (
                "This PDF is a scanned picture; it holds no text that can be read.",
                "Use a Word file or a PDF whose text can be copied, or paste the text.",
            ),
            ("这份PDF是扫描图片，读不出文字。", "请换成Word或可复制文字的PDF，也可以直接粘贴。"),
        ],
        CvFault::PasswordNeeded => [
            ("This file is protected.", "Enter its password."),
            ("这份文件设有密码。", "请输入密码。"),
        ],
        CvFault::PasswordWrong => [
            ("That password does not open the file.", "Check capital letters and try again."),
            ("密码不对，文件没有打开。", "请检查大小写后重试。"),
        ],
        CvFault::Damaged => [
            ("The file is damaged or cut off.", "Save it again, or use another copy."),
            ("文件已损坏或不完整。", "请重新保存，或换一份文件。"),
        ],
        CvFault::NotACv => [
            ("This kind of file cannot be read as a CV.", "Use a PDF, a Word file (.docx), a web page (.html), JSON Resume or a text file, or paste the text."),
            ("这类文件读不出简历。", "请换成PDF、Word（.docx）、网页（.html）、JSON Resume或文本文件，也可以直接粘贴。"),
        ],
        CvFault::OldDoc => [
            ("This is an old Word file (.doc).", "Open it in Word or WPS and save it as .docx or PDF."),
            ("这是旧版Word文件（.doc）。", "请用Word或WPS另存为docx或PDF文件。"),
        ],
        CvFault::ScriptPage => [
            ("The text of this web page is made by a program when it opens, so the saved file holds none.", "Open the page and print it to a PDF, or paste the text."),
            ("这个网页要靠脚本生成文字，保存的文件里没有。", "请打开网页，打印成PDF再用，也可以直接粘贴。"),
        ],
        CvFault::OtherJson => [
            (
                "This JSON file holds no CV: it is neither JSON Resume nor a file saved by this page.",
                "Export your CV as JSON Resume, use a PDF or a Word file, or paste the text.",
            ),
            ("这份JSON里没有简历：不是JSON Resume，也不是本页保存的文件。", "请导出为JSON Resume，或换成PDF、Word，也可以直接粘贴。"),
        ],
        CvFault::ArchiveBomb => [
            (
                "Unpacked, this file would be far larger than a CV, so it was not opened.",
                "Save it again from Word, or paste the text.",
            ),
            ("文件解压后过大，没有打开。", "请用Word重新保存，也可以直接粘贴。"),
        ],
        CvFault::ExternalEntity => [
            ("This file refers to content outside itself, so it was not opened.", "Save it again from Word, or paste the text."),
            ("文件引用了外部内容，没有打开。", "请用Word重新保存，也可以直接粘贴。"),
        ],
        CvFault::OverBudget => [
            (
                "This file is too long for a CV: more than 30 MB, 300 pages or 2 MB of text.",
                "Use the part that tells of your work, or paste it.",
            ),
            ("文件太大：超过30 MB、300页或2 MB文字。", "请只留工作经历部分，也可以直接粘贴。"),
        ],
    }
}

fn worker(error: WorkerError) -> Pair {
    match error {
        WorkerError::Cancelled => [
            ("Stopped, as you asked.", "Start again whenever you like."),
            ("已停止。", "随时可以重新开始。"),
        ],
        WorkerError::OutOfMemory => [
            ("This device ran out of memory.", "Close other tabs and programs, or use a shorter file, and try again."),
            ("本机内存不够。", "请关闭其他标签页或程序，或换一份短些的文件再试。"),
        ],
        WorkerError::Trap => [
            (
                "The program stopped at this text. It was restarted and tried once more, in vain.",
                "Try another file format, or paste the text.",
            ),
            ("程序读到这里停住了，重启后再试一次仍没有完成。", "请换一种文件格式，也可以直接粘贴。"),
        ],
        WorkerError::VersionMismatch => [
            ("Parts of this page come from two versions.", "Reload the page."),
            ("本页各部分的版本不一致。", "请刷新页面。"),
        ],
        WorkerError::TooSlow => [
            ("Reading this file took too long and was stopped.", "Save it again as a PDF or Word file, or paste the text."),
            ("读取时间过长，已停止。", "请另存为PDF或Word，也可以直接粘贴。"),
        ],
    }
}

fn model(fault: ModelFault) -> Pair {
    match fault {
        ModelFault::Missing => [
            ("A file of the language model is not there.", "Tell whoever runs this site; reloading may help."),
            ("语言模型少了一个文件。", "请刷新页面；仍不行，请联系本站管理员。"),
        ],
        ModelFault::Malformed => [
            ("A file of the language model cannot be read.", "Tell whoever runs this site; reloading may help."),
            ("语言模型有文件读不出来。", "请刷新页面；仍不行，请联系本站管理员。"),
        ],
        ModelFault::Failed => [
            ("The language model could not work on this text.", "Try again, or try a part of the text."),
            ("语言模型没能处理这段文字。", "请再试一次，或只用其中一部分。"),
        ],
    }
}

fn load(fault: &LoadFault) -> Pair {
    match fault {
        LoadFault::Unreachable { .. } => [
            ("A part of the page did not arrive ({path}).", "Check the connection and reload the page."),
            ("页面有一部分没有取到（{path}）。", "请检查网络后刷新页面。"),
        ],
        LoadFault::Manifest => [
            ("The list of the model’s files is not the one this site was built with.", "Reload the page. If it stays so, tell whoever runs this site."),
            ("模型文件清单与本站不符。", "请刷新页面；仍不行，请联系本站管理员。"),
        ],
        LoadFault::Digest { .. } => [
            (
                "A file of the model is not what its digest says ({path}), so it is not used.",
                "Reload the page to fetch it again. If it stays so, tell whoever runs this site.",
            ),
            ("模型文件校验不符（{path}），没有使用。", "请刷新页面重新获取；仍不行，请联系本站管理员。"),
        ],
        LoadFault::Browser => [
            ("This browser lacks something the page needs (WebAssembly with SIMD, workers).", "Use a current version of Chrome, Edge, Firefox or Safari."),
            ("此浏览器少了本页需要的功能（WebAssembly SIMD、Worker）。", "请换用新版Chrome、Edge、Firefox或Safari。"),
        ],
        LoadFault::SealOpen => [
            (
                "The page could still reach the network after giving it up, so it will not open a CV.",
                "Use a current version of Chrome, Edge or Firefox without extensions that change pages.",
            ),
            ("断开网络后自查没有通过，本页不打开简历。", "请换用新版Chrome、Edge或Firefox，并停用会改动页面的扩展。"),
        ],
    }
}

/// The words for a fault.
pub fn fault_text(lang: Lang, fault: &Fault) -> FaultText {
    let pair = match fault {
        Fault::Cv(fault) => cv(*fault),
        Fault::Worker(error) => worker(*error),
        Fault::Model(fault) => model(*fault),
        Fault::Load(fault) => load(fault),
    };
    let path = match fault {
        Fault::Load(LoadFault::Unreachable { path } | LoadFault::Digest { path }) => path.as_str(),
        _ => "",
    };
    let [en, zh] = pair;
    let ((what, next), kept) = match lang {
        Lang::En => (en, "What you entered before is still here."),
        Lang::Zh => (zh, "已填内容都在。"),
    };
    FaultText { what: fill(what, &[("path", path)]), next, kept }
}

/// The words for something to know about a file that was read all the same.
pub fn notice_text(lang: Lang, kind: NoticeKind) -> &'static str {
    let (en, zh) = match kind {
        NoticeKind::PartlyRead => (
            "Some pages or parts could not be read. Compare the text with your file.",
            "有些页面或部分没有读出来，请与原文件对照。",
        ),
        NoticeKind::TrackedChanges => (
            "The file holds tracked changes. The text is shown as if all were accepted.",
            "文件带有修订记录，这里按接受全部修订显示。",
        ),
        NoticeKind::PicturePages => (
            "Some pages are pictures; their text is not here. You can paste it.",
            "有些页面是图片，文字不在其中，可以另行粘贴。",
        ),
        NoticeKind::UnlikelyCv => (
            "This does not look like a CV. The result may be of little use.",
            "这份文件不太像简历，结果可能用处不大。",
        ),
    };
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

/// Every text of this file in one language.
#[cfg(test)]
pub(super) fn every(lang: Lang) -> Vec<String> {
    let path = || "x".to_owned();
    let faults = [
        CvFault::Empty, CvFault::Scan, CvFault::PasswordNeeded, CvFault::PasswordWrong, CvFault::Damaged, CvFault::NotACv,
        CvFault::OldDoc, CvFault::ScriptPage, CvFault::OtherJson, CvFault::ArchiveBomb, CvFault::ExternalEntity,
        CvFault::OverBudget,
    ]
    .map(Fault::Cv)
    .into_iter()
    .chain(
        [
            WorkerError::Cancelled, WorkerError::OutOfMemory, WorkerError::Trap, WorkerError::VersionMismatch,
            WorkerError::TooSlow,
        ]
        .map(Fault::Worker),
    )
    .chain([ModelFault::Missing, ModelFault::Malformed, ModelFault::Failed].map(Fault::Model))
    .chain(
        [
            LoadFault::Unreachable { path: path() }, LoadFault::Manifest, LoadFault::Digest { path: path() },
            LoadFault::Browser, LoadFault::SealOpen,
        ]
        .map(Fault::Load),
    );
    let notices = [NoticeKind::PartlyRead, NoticeKind::TrackedChanges, NoticeKind::PicturePages, NoticeKind::UnlikelyCv];
    let mut all: Vec<String> = notices.iter().map(|kind| notice_text(lang, *kind).to_owned()).collect();
    for fault in faults {
        let text = fault_text(lang, &fault);
        all.extend([text.what, text.next.to_owned(), text.kept.to_owned()]);
    }
    all
}
