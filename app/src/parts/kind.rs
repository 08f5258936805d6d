//! How the kinds of a tag set are called and told apart. Not how they are found.
use leptos::prelude::*;
use waymark_shared::analyse::SpanKind;

use crate::el::Key;
use crate::ui::Ui;

/// The look of a kind.
#[derive(Clone, Copy)]
pub struct Look {
    /// Class of its marks, and its name for tests.
    pub class: &'static str,
    /// One of it.
    pub name: Key,
    /// All of it, as a heading.
    pub group: Key,
    /// Adding one.
    pub add: Key,
}

/// The look of a kind.
pub fn look(kind: SpanKind) -> Look {
    let plain = |class, name: Key| Look { class, name, group: name, add: name };
    match kind {
        SpanKind::Skill => Look { class: "skill", name: |t| t.kind_skill, group: |t| t.group_skills, add: |t| t.add_skill },
        SpanKind::Knowledge => Look { class: "knowledge", name: |t| t.kind_knowledge, group: |t| t.group_knowledge, add: |t| t.add_knowledge },
        SpanKind::RobotOperation => plain("robot", |t| t.kind_robot),
        SpanKind::DataAnalysis => plain("data", |t| t.kind_data),
        SpanKind::Maintenance => plain("upkeep", |t| t.kind_upkeep),
    }
}

/// The kinds of the tag set under review, at this moment.
pub fn kinds(ui: Ui) -> Vec<SpanKind> {
    let set = ui.visit.session.with_untracked(|session| session.tag_set());
    set.kinds().collect()
}
