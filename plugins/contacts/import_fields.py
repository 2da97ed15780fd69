"""The fields that a file of contacts may fill, and the heads that name them: ours, Outlook's, Google's, vCards' (AC-02)."""

from __future__ import annotations

from core.api import contacts
from core.api.imports import ImportField as F

_PERSON, _COMPANY = "PERSONNE_PHYSIQUE", "PERSONNE_MORALE"
IDENTITY, COMPANY, CHANNELS, CARE = "Identité", "Société", "Coordonnées", "Suivi"
_COUNTRIES = contacts.choices.countries
_ENGLISH = {
    "France": "FR", "Belgium": "BE", "Switzerland": "CH", "Germany": "DE", "United Kingdom": "GB", "UK": "GB", "Spain": "ES",
    "Italy": "IT", "United States": "US", "United States of America": "US", "USA": "US", "Portugal": "PT", "Netherlands": "NL",
    "française": "FR", "français": "FR", "belge": "BE", "suisse": "CH", "allemande": "DE", "allemand": "DE",
}  # fmt: skip
#: What people write before a name → our code; anything else (Dr, Me) is no civility.
CIVILITIES = {
    "M": "M", "M.": "M", "Mr": "M", "Mr.": "M", "Monsieur": "M", "Homme": "M", "H": "M", "Mme": "MME", "Mme.": "MME",
    "Madame": "MME", "Mrs": "MME", "Ms": "MME", "Miss": "MME", "Mlle": "MME", "Mademoiselle": "MME", "Femme": "MME", "F": "MME",
}  # fmt: skip
_KINDS = {
    "Personne": _PERSON, "Particulier": _PERSON, "Physique": _PERSON, "PP": _PERSON, "Individual": _PERSON, "Person": _PERSON,
    "Société": _COMPANY, "Entreprise": _COMPANY, "Morale": _COMPANY, "PM": _COMPANY, "Company": _COMPANY,
    "Professionnel": _COMPANY,
}  # fmt: skip
_STAGES = {"Ancien": "ANCIEN_CLIENT", "Former client": "ANCIEN_CLIENT", "Lead": "PROSPECT", "Customer": "CLIENT"}
_SITUATIONS = {
    "Marié": "MARIE", "Mariée": "MARIE", "Married": "MARIE", "Célib.": "CELIBATAIRE", "Single": "CELIBATAIRE",
    "Pacsé": "PACSE", "Pacsée": "PACSE", "PACS": "PACSE", "Divorcé": "DIVORCE", "Divorcée": "DIVORCE", "Divorced": "DIVORCE",
    "Veuf": "VEUF", "Veuve": "VEUF", "Widowed": "VEUF", "Concubinage": "CONCUBIN", "Union libre": "CONCUBIN",
    "Séparé": "SEPARE", "Séparée": "SEPARE", "Separated": "SEPARE",
}  # fmt: skip

FIELDS: tuple[F, ...] = (
    F("kind", "Nature", "code", ("Type de personne", "Nature du contact", "Contact type"),
      {code: contacts.KIND_LABELS[code] for code in (_PERSON, _COMPANY)}, _KINDS, IDENTITY),
    F("civility", "Civilité", "text", ("Titre", "Title", "Name Prefix", "Prefix", "Préfixe du nom", "Civ"), group=IDENTITY),
    F("birth_name", "Nom", "text",
      ("Nom de naissance", "Nom de famille", "Last Name", "Family Name", "Surname", "Nom patronymique", "Nom du client"),
      group=IDENTITY),
    F("usage_name", "Nom d'usage", "text", ("Nom marital", "Married Name", "Nom d'épouse", "Nom usuel"), group=IDENTITY),
    F("first_names", "Prénoms", "text", ("Prénom", "First Name", "Given Name", "Prénom(s)"), group=IDENTITY),
    F("middle_names", "Deuxième prénom", "text", ("Middle Name", "Additional Name", "Autres prénoms", "Second prénom"),
      group=IDENTITY),
    F("full_name", "Nom complet", "text",
      ("Name", "Full Name", "Nom et prénom", "Nom Prénom", "Prénom Nom", "Display Name", "Nom affiché", "File As", "Contact"),
      group=IDENTITY),
    F("birth_date", "Date de naissance", "day",
      ("Naissance", "Né le", "Née le", "Birthday", "Anniversaire", "DDN", "Birth date"), group=IDENTITY),
    F("birth_city", "Commune de naissance", "text", ("Lieu de naissance", "Ville de naissance", "Place of birth"),
      group=IDENTITY),
    F("nationality", "Nationalité", "code", ("Nationality",), _COUNTRIES(), _ENGLISH, IDENTITY),
    F("situation", "Situation familiale", "code", ("Situation", "Statut marital", "Marital status"),
      contacts.SITUATION_LABELS, _SITUATIONS, IDENTITY),
    F("profession", "Profession", "text", ("Job Title", "Métier", "Fonction", "Organization Title", "Organization 1 - Title",
                                           "Intitulé du poste", "Titre du poste"), group=IDENTITY),
    F("company_name", "Société", "text",
      ("Dénomination", "Raison sociale", "Entreprise", "Company", "Organization Name", "Organization 1 - Name", "Organisation"),
      group=COMPANY),
    F("legal_form", "Forme juridique", "text", ("Forme", "Legal form"), group=COMPANY),
    F("siren", "SIREN", "text", ("N° SIREN", "Numéro SIREN", "SIRET"), group=COMPANY),
    F("capital", "Capital", "amount", ("Capital social", "Share capital"), group=COMPANY),
    F("email", "E-mail", "text",
      ("Email", "Mail", "E-mail Address", "Email Address", "Courriel", "Adresse e-mail", "Adresse de messagerie", "Adresse mail",
       "E-mail 1 - Value", "E-mail principal"), group=CHANNELS),
    F("email_2", "E-mail 2", "text", ("Email 2", "E-mail 2 Address", "E-mail 2 - Value", "Adresse de messagerie 2",
                                      "E-mail secondaire"), group=CHANNELS),
    F("email_3", "E-mail 3", "text", ("Email 3", "E-mail 3 Address", "E-mail 3 - Value", "Adresse de messagerie 3"),
      group=CHANNELS),
    F("mobile", "Téléphone mobile", "text",
      ("Mobile", "Portable", "Mobile Phone", "Tél. mobile", "Tél. portable", "Téléphone portable", "GSM"), group=CHANNELS),
    F("phone", "Téléphone", "text",
      ("Tél", "Tel", "Téléphone fixe", "Fixe", "Phone", "Téléphone domicile", "Téléphone (domicile)", "Home Phone",
       "Primary Phone", "Phone 1 - Value", "Téléphone principal", "Numéro de téléphone"), group=CHANNELS),
    F("work_phone", "Téléphone bureau", "text",
      ("Business Phone", "Tél. bureau", "Téléphone (bureau)", "Téléphone professionnel", "Company Main Phone", "Work Phone"),
      group=CHANNELS),
    F("other_phone", "Autre téléphone", "text", ("Other Phone", "Téléphone 2", "Phone 2 - Value", "Home Phone 2"),
      group=CHANNELS),
    F("street", "Adresse", "text",
      ("Rue", "Voie", "Home Street", "Address 1 - Street", "Rue (domicile)", "Street", "Address", "Adresse 1"), group=CHANNELS),
    F("street_2", "Complément d'adresse", "text",
      ("Complément", "Home Street 2", "Address 1 - Extended Address", "Adresse 2", "Rue (domicile) 2"), group=CHANNELS),
    F("postal_code", "Code postal", "text",
      ("CP", "Home Postal Code", "Address 1 - Postal Code", "Code postal (domicile)", "ZIP", "Postal Code"), group=CHANNELS),
    F("city", "Ville", "text", ("Commune", "Home City", "Address 1 - City", "Ville (domicile)", "City", "Localité"),
      group=CHANNELS),
    F("country", "Pays", "code", ("Home Country/Region", "Home Country", "Address 1 - Country", "Pays/Région (domicile)",
                                  "Pays (domicile)", "Country"), _COUNTRIES(), _ENGLISH, CHANNELS),
    F("stage", "Type", "code", ("Statut", "Statut commercial", "Stage", "Statut client"), contacts.STAGE_LABELS, _STAGES, CARE,
      constant=True),
    F("file_code", "Code dossier", "text",
      ("Code", "Référence", "Reference", "N° client", "Numéro client", "Code client", "ID client"), group=CARE),
    F("adviser", "Conseiller principal", "text",
      ("Conseiller", "E-mail du conseiller", "Gestionnaire", "Adviser", "Advisor", "Suivi par", "Owner"), group=CARE),
    F("category", "Catégorie", "text",
      ("Catégorie de contact", "Category", "Segment", "Sous-catégorie", "Classement"), group=CARE),
    F("labels", "Étiquettes", "text",
      ("Étiquette", "Labels", "Label", "Tags", "Tag", "Catégories", "Categories", "Mots-clés", "Group Membership"), group=CARE),
    F("remarks", "Remarques", "text", ("Note", "Notes", "Commentaire", "Commentaires", "Observations"), group=CARE),
)  # fmt: skip
