// Entry of every page with the bar. Each module attaches itself.
import "./confirm.js";
import "./forms.js";
import "./launch.js";
import "./live.js";
import "./look.js";
import "./menu.js";
import "./partner-menu.js";
import "./session.js";
import "./tabs.js";
