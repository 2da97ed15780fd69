"""The rules, in the order in which they are tried and told."""

from __future__ import annotations

from core.testing.conformance.findings import Rule
from core.testing.conformance.rules import api
from core.testing.conformance.rules import commands
from core.testing.conformance.rules import declared
from core.testing.conformance.rules import faults
from core.testing.conformance.rules import forms
from core.testing.conformance.rules import imports
from core.testing.conformance.rules import jobs
from core.testing.conformance.rules import labels
from core.testing.conformance.rules import lanes
from core.testing.conformance.rules import links
from core.testing.conformance.rules import loading
from core.testing.conformance.rules import migrations
from core.testing.conformance.rules import queries
from core.testing.conformance.rules import references
from core.testing.conformance.rules import routes
from core.testing.conformance.rules import secrets
from core.testing.conformance.rules import switched_off
from core.testing.conformance.rules import types
from core.testing.conformance.rules import walls
from core.testing.conformance.rules import words

RULES: tuple[Rule, ...] = (
    Rule("chargement", "le module se charge", "bronze", "Un module qui ne se charge pas n'apporte rien à personne.",
         "Corrigez ce qui est dit, puis réinstallez.", loading.check, apart=True),
    Rule("imports", "il n'emploie que core.api", "bronze",
         "Le reste de core change d'une version à l'autre sans prévenir : le module se casserait à la prochaine.",
         "Passez par core.api ; s'il y manque quelque chose, demandez-le.", imports.check, apart=True),
    Rule("routes", "ses pages disent qui peut entrer, et répondent", "bronze",
         "Une adresse sans règle répond 404 à tous, ou laisse entrer n'importe qui.",
         "Faites le blueprint par core.api.web.blueprint et décorez chaque vue.", routes.check),
    Rule("types", "ses hooks rendent ce qui est attendu", "bronze",
         "Un résultat d'un autre type est écarté : la page dit que le module est indisponible, et le hook finit suspendu.",
         "Rendez le type que docs/hooks.md indique, ou levez un des mots d'erreur de core.api.", types.check),
    Rule("voies", "ses hooks restent dans leur voie", "bronze",
         "Un hook en place est appelé pour chaque page de tous les conseillers : ce qu'il attend, ils l'attendent.",
         "Préparez la donnée ailleurs (réglage, événement, table), ou servez-la par une page ou un hook gardé.", lanes.check),
    Rule("étiquettes", "ce qu'il montre est du texte", "bronze",
         "Un nom de client peut contenir du HTML : montré tel quel, il agit dans la page du conseiller.",
         "Rendez du texte ; les gabarits échappent d'eux-mêmes, et les macros font la mise en forme.", labels.check),
    Rule("liens", "il ne mène que chez lui ou chez les hôtes déclarés", "bronze",
         "Un conseiller doit savoir où il va : le cabinet a lu la liste des hôtes avant d'activer le module.",
         "Menez à vos propres pages, ou déclarez l'hôte dans Partner(hosts=…), en https.", links.check),
    Rule("secrets", "ses secrets restent secrets", "bronze",
         "Le journal et les pages sont lus par des gens qui n'ont pas à connaître ces secrets.",
         "N'écrivez que des identifiants et des codes dans le journal ; un secret ne se montre jamais.", secrets.check),
    Rule("références", "ses tables disent ce qu'elles nomment", "bronze",
         "Fusionner, effacer ou exporter un dossier client laisserait des lignes perdues, ou échouerait.",
         "Déclarez chaque colonne par references = (Ref(…),).", references.check),
    Rule("migrations", "ses tables se posent, se retirent et se reposent", "bronze",
         "Une migration qui échoue à moitié, ou qui empêche la suivante, arrête toute l'installation.",
         "Écrivez upgrade et downgrade l'un à l'envers de l'autre ; essayez-les sur une base vide.", migrations.check),
    Rule("cloison", "un cabinet ne voit rien d'un autre", "bronze",
         "Les cabinets partagent l'installation, jamais leurs données.",
         "Ne gardez rien entre deux demandes ; lisez par la session reçue, jamais par une connexion à vous.", walls.check),
    Rule("éteint", "désactivé, il disparaît", "bronze",
         "Un module désactivé doit disparaître à la demande suivante, fichiers compris.",
         "Un seul blueprint, fait par core.api.web.blueprint ; rien qui s'ajoute à l'application.", switched_off.check),
    Rule("pannes", "les pannes du partenaire se disent en mots", "argent",
         "Une panne sans mot est comptée comme un défaut du module, qui finit suspendu ; le conseiller ne sait que faire.",
         "Traduisez chaque erreur en PartnerUnavailable, ProtocolError… avec une phrase en français.", faults.check),
    Rule("langue", "tout ce qu'on lit est en français, traduisible", "argent",
         "Les conseillers lisent du français, et un texte hors de _() ne pourra pas être traduit.",
         "Écrivez-le en français, dans _('…') ou lazy_gettext.", words.check),
    Rule("déclarations", "il dit qui le maintient, et comment l'aide se demande", "argent",
         "Un cabinet doit savoir qui appeler avant d'activer un module.",
         "Complétez quality.toml et README.md.", declared.check, apart=True),
    Rule("requêtes", "le nombre de requêtes ne dépend pas des lignes", "argent",
         "Une requête par ligne est invisible avec trois clients et prend des secondes avec trois mille.",
         "Lisez tout d'une requête (IN, jointure), puis assemblez.", queries.check),
    # What writes comes last: the others judge a book that nobody has changed.
    Rule("travaux", "ses travaux se refont sans dommage", "bronze",
         "La file promet au moins une fois, pour un cabinet : un travail interrompu revient, et les cabinets s'ignorent.",
         "Écrivez-le pour que deux fois vaille une fois, par la session reçue.", jobs.check),
    Rule("commandes", "ses commandes s'expliquent et restent chez elles", "bronze",
         "Un exploitant lance une commande pour un cabinet : elle dit ce qu'elle fait, et ne touche que lui.",
         "Une docstring en français, la session reçue, un DomainError pour ce qui ne se peut pas.", commands.check),
    Rule("api", "son API tient ce qu'elle déclare", "bronze",
         "Un programme n'a que la description pour savoir ce qu'il peut demander, et ce qu'il reçoit.",
         "Déclarez le droit et les schémas de chaque opération, et tenez-vous-y.", api.check),
    Rule("formulaires", "ses formulaires disent ce qui ne va pas et ne perdent rien", "argent",
         "Un conseiller qui se trompe doit voir où, et retrouver ce qu'il a tapé ; rien de faux n'est gardé.",
         "Vérifiez par un schéma de core.api.forms, et montrez-le de nouveau avec ses erreurs.", forms.check),
)  # fmt: skip
