//! What a person brings to a target: the present occupation and the competences of their profile, with what they said of
//! themselves since. Not how near that is to anything.
use super::{DemandBook, Held};
use crate::profile::ProfileItem;
use crate::taxonomy::Taxonomy;
use std::collections::BTreeSet;

/// What is brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Brought {
    /// The present occupation, by place.
    pub occupation: Option<usize>,
    /// Competences; one may stand several times.
    pub held: Vec<Held>,
    /// The competences are the person's own, not those that the occupation usually asks for.
    pub own: bool,
}

/// What a person said of a competence, by its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Said {
    /// They have it.
    Have,
    /// They want to learn it.
    ToLearn,
    /// They checked themselves: a level, 0..7.
    Level(f32),
}

impl Brought {
    /// Of an occupation: all that it asks for.
    pub fn of_occupation(taxonomy: &Taxonomy, book: &DemandBook<'_>, place: usize) -> Self {
        let weights = taxonomy.weights.get(place).map_or(&[][..], Vec::as_slice);
        let held = weights.iter().map(|(competence, _)| sure(book, *competence)).collect();
        Self { occupation: Some(place), held, own: false }
    }

    /// Of a profile: what was confirmed in full, all else by the probability of its link. What means nothing known is left out.
    pub fn of_profile(taxonomy: &Taxonomy, book: &DemandBook<'_>, items: &[ProfileItem], occupation: Option<usize>) -> Self {
        let of = |item: &ProfileItem| {
            let link = item.link.as_ref()?;
            let competence = taxonomy.place(&link.id)?;
            Some(Held { confidence: if item.confirmed { 1.0 } else { link.score }, ..sure(book, competence) })
        };
        Self { occupation, held: items.iter().filter_map(of).collect(), own: true }
    }

    /// With what the person said since; that outweighs what the profile shows.
    #[must_use]
    pub fn with(mut self, book: &DemandBook<'_>, said: &[(u32, Said)]) -> Self {
        let spoken: BTreeSet<u32> = said.iter().filter(|(_, what)| *what != Said::Have).map(|(competence, _)| *competence).collect();
        self.held.retain(|held| !spoken.contains(&held.competence));
        for (competence, what) in said {
            let held = sure(book, *competence);
            self.held.push(match what {
                Said::Have => held,
                Said::ToLearn => Held { denied: true, ..held },
                Said::Level(level) => Held { level: Some(*level), ..held },
            });
        }
        self
    }

    /// Competences that count as had in full for a move: sure, not denied, each once, rising.
    pub fn sure(&self) -> Vec<u32> {
        let sure = self.held.iter().filter(|held| held.confidence >= super::SURE && !held.denied && held.level.is_none_or(|level| level > 0.0));
        sure.map(|held| held.competence).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

fn sure(book: &DemandBook<'_>, competence: u32) -> Held {
    Held { competence, confidence: 1.0, level: None, denied: false, group: book.group(competence) }
}
