//! Labels.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The colour of a label, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabelColor {
    /// Quiet.
    Grey,
    /// Red.
    Red,
    /// Orange.
    Orange,
    /// Yellow.
    Yellow,
    /// Green.
    Green,
    /// Teal.
    Teal,
    /// Blue.
    Blue,
    /// Purple.
    Purple,
}

/// A label of the workspace.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Label {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub color: LabelColor,
}

/// A label to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLabel {
    /// One line, 1 to 40 characters; no two of a workspace are alike.
    pub name: String,
    /// Its colour.
    pub color: LabelColor,
}

/// What is to change about a label.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LabelPatch {
    /// Another name.
    pub name: Option<String>,
    /// Another colour.
    pub color: Option<LabelColor>,
}
