// The only names that core/static/js/charts.js takes. No vega-embed, no vega-tooltip: both inject style sheets.
export { View, Warn, parse } from "vega";
export { compile } from "vega-lite";
export { expressionInterpreter } from "vega-interpreter";
