"""Names and places, all common in France; who bears them here is invented."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WOMEN = _words(
    "Marie Nathalie Isabelle Sylvie Catherine Martine Christine Françoise Valérie Sandrine Stéphanie Véronique Sophie "
    "Céline Chantal Patricia Anne Brigitte Julie Monique Aurélie Nicole Laurence Annie Émilie Dominique Virginie "
    "Corinne Élodie Christelle Camille Caroline Léa Sarah Florence Laetitia Audrey Hélène Laura Mathilde Inès Aminata "
    "Solène Gwenaëlle Fatima Manon Charlotte Agathe Odile Thérèse"
)
MEN = _words(
    "Jean Philippe Michel Alain Patrick Nicolas Christophe Pierre Christian Éric Frédéric Laurent Stéphane David "
    "Pascal Daniel Sébastien Julien Olivier Bernard Thierry Bruno Gérard Didier Vincent François Thomas Guillaume "
    "Jérôme Antoine Xavier Benoît Hervé Yves Karim Mamadou Loïc Erwan Yann Mathieu Fabrice Gilles Rémi Étienne "
    "Alexandre Maxime Denis Arnaud Cédric Franck"
)
CHILDREN = _words(
    "Lucas Emma Louis Jade Gabriel Louise Raphaël Alice Arthur Chloé Jules Lina Adam Rose Hugo Anna Nathan Mila Éthan "
    "Zoé Noé Léna Sacha Juliette Tom Nina Théo Margaux Malo Éva"
)
GIRLS = frozenset(_words("Emma Jade Louise Alice Chloé Lina Rose Anna Mila Zoé Léna Juliette Nina Margaux Éva"))

FAMILIES = _words(
    "Martin Bernard Thomas Robert Richard Dubois Laurent Simon Michel Leroy David Bertrand Morel Fournier Dupont "
    "Lambert Bonnet François Martinez Legrand Gautier Rousseau Blanc Guérin Muller Henry Roussel Nicolas Perrin Morin "
    "Mathieu Clément Gauthier Dumont Lopez Fontaine Chevalier Robin Masson Sanchez Gérard Nguyen Boyer Denis Lemaire "
    "Duval Joly Roger Roche Roy Noël Meyer Lucas Meunier Jean Marchand Dufour Blanchard Marie Barbier Brun "
    "Dumas Brunet Schmitt Leroux Colas Fernandez Renaud Arnaud Rolland Caron Aubert Giraud Leclerc Vidal Bourgeois "
    "Renault Lemoine Picard Gaillard Philippe Leclercq Lacroix Fabre Dupuis Olivier Rodriguez Daniel Hubert "
    "Charpentier Bouvier Riviere Guillot Carpentier Benali Kermarrec Mercier Diop Charrier Pelletier Besson Cordier "
    "Maillard Delaunay Hamon Pichon Texier Lebreton Guillou Tanguy Cadiou Prigent Jaouen Rault Corre Salaün Riou "
    "Gicquel Sorin Bretaudeau Guilbaud Chauvin Brossard Bodin Loiseau Ménard Papin Cesbron"
)
#: Families of the second cabinet: none of the first bears these names, so that a leak shows in a search.
OTHER_FAMILIES = (
    "Quillévéré", "Tchang-Morel", "Zwingelstein", "Ouvrard-Lys", "Yvetot-Kaelin", "Xantrailles",
)  # fmt: skip

#: Towns of the west of France.
CITIES = (
    "Nantes", "Rezé", "Saint-Nazaire", "Angers", "Rennes", "Vannes", "Quimper", "Lorient", "Brest", "Le Mans", "Tours",
    "Cholet", "La Baule-Escoublac", "Pornic", "La Rochelle", "Niort", "Poitiers", "Bordeaux", "Laval", "Saint-Malo",
    "Orvault", "Saint-Herblain", "Clisson", "Ancenis-Saint-Géréon", "Les Sables-d'Olonne", "La Roche-sur-Yon",
)  # fmt: skip

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
