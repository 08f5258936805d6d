//! Every word of the drawn pages, in English and in Chinese; one typed table a language. Kept apart from the words of the
//! page's own program, which stays small.
mod en;
mod zh;

use crate::i18n::{Lang, texts};

/// The table of a language.
pub fn words(lang: Lang) -> &'static Texts {
    match lang {
        Lang::En => &en::EN,
        Lang::Zh => &zh::ZH,
    }
}

texts! {
    // Who
    title, lead, i_work_as, in_area, all_areas, find_title, find_hint, find_none, from_cv, group_of(name),
    // Numbers
    us_figures, us_figures_note, own_figures, employment, pay, unemployment, openings, openings_note, projected(change, year),
    pay_range(range), pay_note, unemployment_note(group), not_published, combined_note, hand_note, broad_note,
    people(count), dollars_year(amount), source_line(source, vintage), exposure, exposure_value(low, high),
    exposure_note,
    // Scenario
    future_title, future_axis_years, future_axis_index, run_scenario, run_baseline, official_name, speed, speed_slow,
    speed_fast, reach, reach_little, reach_much, levers_more, demand, demand_less, demand_more, widen, widen_none, widen_much,
    cycle, cycle_none, cycle_strong, kind, kind_software, kind_line, network, network_related, network_similar,
    network_blend, network_note, sentence_down(condition, occupation, change, year), sentence_up(condition, occupation, change, year),
    sentence_flat(condition, occupation, year), if_speed(years, reach), sentence_range(share, low, high), no_node,
    ours_note, model_note, runs_note(runs), by_gpu, by_simd, presets, compare, compare_none, undo, reset,
    preset_base, preset_software, preset_fast, preset_line, preset_growth, preset_slump, preset_training,
    // More
    more, tab_states, tab_heat, tab_beveridge, tab_flows, tab_system, tab_tornado, tab_created, tab_backtest, tab_concept,
    tab_sources, states_title(occupation), states_note, heat_title, heat_note, beveridge_title, beveridge_note,
    beveridge_u, beveridge_v, flows_title(occupation), flows_note, flows_in, flows_out, tornado_title(occupation), tornado_note,
    created_title, created_note, digital_title, technologies_title, growth_title, backtest_title, backtest_note,
    backtest_guess, backtest_error, backtest_rank, backtest_direction, guess_official, guess_same, guess_common,
    caveat_base, caveat_rebound, concept_title, sources_title, licence(licence),
    // System
    system_title, system_lead, system_constant, system_exponential, system_logistic, system_literal, system_lagged,
    system_technology, system_ours, system_doubles(years), system_halves(years), system_flat, system_swings(years),
    system_balance_stable(value), system_balance_unstable(value), system_no_balance, system_twice, system_equations,
    system_axis, system_refused(parameter, low, high), system_singular, per_year, years, months,
    // State, concept map
    in_state(what, state), state_jobs_note, concept_note, concept_ai, concept_trends, concept_market, concept_demand, concept_training,
    concept_transition, concept_jobs(jobs, year), concept_trend(change, year), concept_source, concept_head, concept_figure, concept_leads,
    // Gains, own formulas, series
    system_source, gains_title, gains_note, gains_path, gain_of_t, gain_of_s, gain_of_p, gain_of_l, gain_index, gain_index_year, gain_ratio, gain_per_skill,
    gain_from, gain_to, gain_meaning, gain_value, gain_unit, gain_own, gain_alpha, gain_beta, gain_gamma, gain_delta, gain_epsilon,
    gain_less, gain_k, gain_m, gain_eta, gain_kappa, gain_nu, gain_start, system_lead_time, months_of(months), own_formulas, own_formulas_note,
    formula_fault(side, piece, what), notice_floor(years), notice_ends(years), notice_cancels,
    fit_title, fit_lead, fit_choose, fit_template, fit_found(points), fit_value(symbol, value, low, high), fit_holds,
    fit_neighbours(value), fit_use, fit_too_few(points), fit_collinear, fit_scale, series_too_long, series_missing(column),
    series_not_csv(line), series_not_number(line, column, text), series_not_after(line),
    // Files
    table_of, save_csv, save_svg, save_png, save_scenario, own_title, own_lead, own_template, own_choose, own_taken(rows), own_faults, own_fault(line, what), host_figures, host_taken(rows), host_faults,
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_words_of_the_drawn_pages_hold_to_the_rules() {
        crate::i18n::tests::hold_to_the_rules(super::en::EN.rows(), super::zh::ZH.rows(), |_| false);
    }
}
