// Entry of every page with the bar. Each module attaches itself.
import "./browse.js";
import "./charts.js";
import "./confirm.js";
import "./draft.js";
import "./forms.js";
import "./launch.js";
import "./live.js";
import "./look.js";
import "./menu.js";
import "./partner-menu.js";
import "./rows.js";
import "./search.js";
import "./session.js";
import "./tabs.js";
import "./toasts.js";
import "./when.js";
