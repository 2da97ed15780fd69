"""The demonstration's share of contacts: clients of a colleague who retires, from his file; two of its lines are bad."""

from __future__ import annotations

from pathlib import Path

from core.api import demo

CABINET, WHO = "demo", "conseiller@demo.example"
FILE, SOURCE = "reprise-cabinet-kerouredan.csv", "Reprise du cabinet Kerouredan"
CONTACTS = """\
Code dossier;Civilité;Nom;Prénom;Date de naissance;E-mail;Mobile;Adresse;Code postal;Ville;Situation familiale;Profession;Type;Note
KER-001;Mme;Le Goaziou;Maryvonne;12/05/1951;m.legoaziou@courriel.example;06 39 98 21 04;4 quai de Léon;29600;Morlaix;Veuve;Retraitée;Client;Suivie depuis 1998
KER-002;M;Abgrall;Yann;03/11/1964;yann.abgrall@courriel.example;06 39 98 33 17;18 rue de Brest;29600;Morlaix;Marié;Vétérinaire;Client;
KER-003;Mme;Abgrall;Soizic;21/02/1967;soizic.abgrall@courriel.example;06 39 98 33 18;18 rue de Brest;29600;Morlaix;Mariée;Pharmacienne;Client;
KER-004;M;Quéméneur;Erwan;30/08/1979;erwan.quemeneur@courriel.example;06 39 98 45 60;7 venelle du Port;29680;Roscoff;Pacsé;Mareyeur;Client;Projet d'achat d'un local
KER-005;M;Stéphan;Loïc;31/02/1958;loic.stephan@courriel.example;06 39 98 52 11;2 place Viarmes;29600;Morlaix;Célibataire;Notaire;Client;
KER-006;Mme;Corre;;14/09/1988;sans-adresse;06 39 98;;;Morlaix;;;Prospect;Rencontrée au salon
"""  # noqa: E501 - lines of a file


class ContactsDemo:
    """What `encours demo` adds: an import that is done, with its report."""

    def prepare(self, folder: Path) -> None:
        """Import the file, once."""
        demo.imported(CABINET, WHO, "contacts", FILE, CONTACTS, source=SOURCE)

    def programs(self, folder: Path) -> list[demo.Program]:
        """None of its own."""
        return []

    def join(self, folder: Path) -> None:
        """Nobody to join."""

    def addresses(self) -> list[tuple[str, str]]:
        """None to print."""
        return []
