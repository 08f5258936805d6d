//! The dictionary tagger.
