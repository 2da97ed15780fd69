"""Names and places, all common in France; who bears them here is invented."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: First names by the year up to which those who bear them were born: women's, men's.
GENERATIONS: tuple[tuple[int, tuple[str, ...], tuple[str, ...]], ...] = (
    (1952, _words(
        "Monique Jacqueline Denise Odile Thérèse Colette Annick Nicole Françoise Michelle Yvonne Marie-Thérèse Anne-Marie "
        "Marie-Claude Ginette Huguette Janine Simone Jeannine Marie-Josèphe Solange"
    ), _words(
        "Michel Jean Jean-Claude André Bernard Jacques Claude Gérard Daniel Jean-Pierre Yves Roger Guy Marcel René Jean-Louis "
        "Francis Hervé Raymond Georges"
    )),
    (1968, _words(
        "Martine Christine Catherine Brigitte Véronique Isabelle Sylvie Dominique Chantal Patricia Corinne Pascale Marie-Hélène "
        "Gwenaëlle Nadine Élisabeth Agnès Fatima Maria Béatrice Marie-Christine Anne-Yvonne"
    ), _words(
        "Philippe Alain Patrick Pascal Christian Thierry Didier Éric Bruno Gilles François Jean-Marc Loïc Hervé Joël Xavier "
        "Jean-François José Mohamed Serge Yannick Marc Étienne"
    )),
    (1984, _words(
        "Nathalie Sandrine Stéphanie Céline Valérie Sophie Karine Laurence Delphine Virginie Anne-Sophie Émilie Aurélie Hélène "
        "Élodie Julie Soizic Nadia Aminata Claire Marie-Laure Séverine Maëlle"
    ), _words(
        "Christophe Frédéric Stéphane Nicolas Sébastien David Laurent Olivier Jérôme Cédric Guillaume Julien Mathieu Benoît "
        "Erwan Karim Mamadou Rémi Jean-Baptiste Fabrice Yann Arnaud Pierre-Yves"
    )),
    (2030, _words(
        "Camille Marion Pauline Mathilde Laura Manon Charlotte Léa Sarah Marine Solène Anaïs Inès Margot Justine Yasmine Océane "
        "Anne-Lise Maïwenn Chloé Clémence"
    ), _words(
        "Thomas Alexandre Maxime Antoine Quentin Clément Florian Romain Kévin Valentin Hugo Corentin Mehdi Yanis Malo Simon "
        "Pierre-Louis Théo Aurélien Bastien Baptiste"
    )),
)  # fmt: skip
WOMEN = tuple(dict.fromkeys(name for _, women, _ in GENERATIONS for name in women))
MEN = tuple(dict.fromkeys(name for _, _, men in GENERATIONS for name in men))
CHILDREN = _words(
    "Lucas Emma Louis Jade Gabriel Louise Raphaël Alice Arthur Chloé Jules Lina Adam Rose Hugo Anna Nathan Mila Éthan "
    "Zoé Noé Léna Sacha Juliette Tom Nina Théo Margaux Malo Éva Anne-Lou Jean-Loup Maël Noémie"
)
GIRLS = frozenset(_words("Emma Jade Louise Alice Chloé Lina Rose Anna Mila Zoé Léna Juliette Nina Margaux Éva Anne-Lou Noémie"))
#: Given names of women that the generations above do not list: those of the partner's own book.
OTHER_WOMEN = frozenset(_words("Céline Véronique Catherine Martine Isabelle Sandrine Sylvie Nathalie Jeanne"))

FAMILIES = (
    *_words(
        "Martin Dubois Leroy Fournier Legrand Gautier Rousseau Blanc Guérin Muller Henry Roussel Perrin Morin "
        "Mathieu Clément Gauthier Dumont Lopez Fontaine Chevalier Robin Masson Sanchez Nguyen Boyer Lemaire Duval "
        "Joly Roche Noël Meyer Meunier Marchand Dufour Blanchard Barbier Brunet Schmitt Leroux Colas Fernandez "
        "Renaud Rolland Caron Aubert Giraud Leclerc Vidal Bourgeois Renault Lemoine Picard Gaillard Leclercq "
        "Lacroix Fabre Rodriguez Hubert Charpentier Bouvier Rivière Guillot Carpentier Benali Kermarrec Diop "
        "Charrier Pelletier Besson Cordier Maillard Delaunay Hamon Pichon Texier Lebreton Guillou Tanguy Cadiou "
        "Prigent Jaouen Rault Corre Salaün Riou Gicquel Sorin Bretaudeau Guilbaud Chauvin Brossard Bodin Loiseau "
        "Ménard Papin Cesbron Haddad Pereira Traoré N'Guessan Kowalski Ferreira Bélanger Crépeau Trébuchet"
    ),
    "Le Goff", "Le Bihan", "Le Gall", "Le Floc'h", "de Kermorvan", "de La Touche", "d'Hautefeuille", "du Plessis", "Saint-Aubin",
    "Martin-Leroy", "Dupont-Lavigne", "Garnier-Roche", "Da Silva", "El Amrani", "Van den Bossche", "Di Marco", "Ben Salah",
    "Léon-Dufour", "Bouchet-Raynaud",
)  # fmt: skip
#: Families of the second cabinet: none of the first bears these names, so that a leak shows in a search.
OTHER_FAMILIES = (
    "Quillévéré", "Tchang-Morel", "Zwingelstein", "Ouvrard-Lys", "Yvetot-Kaelin", "Xantrailles",
)  # fmt: skip

#: Towns: most in the west of France, a few clients further away (places.csv has their postcodes).
CITIES = (
    "Nantes", "Nantes", "Nantes", "Rezé", "Saint-Nazaire", "Angers", "Rennes", "Vannes", "Quimper", "Lorient", "Brest", "Le Mans",
    "Tours", "Cholet", "La Baule-Escoublac", "Pornic", "La Rochelle", "Niort", "Poitiers", "Bordeaux", "Laval", "Saint-Malo",
    "Orvault", "Saint-Herblain", "Clisson", "Ancenis-Saint-Géréon", "Les Sables-d'Olonne", "La Roche-sur-Yon", "L'Île-d'Yeu",
    "Paris", "Lyon", "Versailles",
)  # fmt: skip


def given(year: int, *, woman: bool) -> tuple[str, ...]:
    """First names that those born in a year bear."""
    women, men = next((women, men) for until, women, men in GENERATIONS if year <= until)
    return women if woman else men


#: Companies: legal form, then name.
COMPANIES = (
    ("SARL", "Ateliers Le Goff"), ("SAS", "Atlantique Ingénierie"), ("SCI", "Les Tilleuls"),
    ("SELARL", "Pharmacie du Port"), ("SAS", "Chantiers Navals de l'Erdre"), ("SARL", "Boulangerie Cesbron et Fils"),
    ("SCI", "Kerbihan"), ("SAS", "Menuiserie Papin"), ("SELARL", "Cabinet dentaire des Quais"),
    ("SAS", "Holding Prigent"), ("SARL", "Jardins de Loire"), ("SCI", "Du Bois Joli"),
    ("SASU", "Numérique Ouest Conseil"), ("SAS", "Transports Guilbaud"), ("SC", "Patrimoine Bodin"),
    ("SARL", "Vignobles Bretaudeau"), ("SELAS", "Laboratoire Saint-Clair"), ("SAS", "Texier Bâtiment"),
    ("SCI", "Quai de Versailles"), ("SAS", "Holding Delaunay"), ("SARL", "Hôtel des Remparts"),
    ("EARL", "Des Trois Chênes"), ("SAS", "Imprimerie Charrier"), ("SC", "Financière Jaouen"),
)  # fmt: skip
