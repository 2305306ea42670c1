"""Port Halden, a city that does not exist, on an empty stretch of coast.

Every place, name and price effect is invented. The sea is to the west.
"""

from dataclasses import dataclass, replace

from course_utils.data.variant import Variant


@dataclass(frozen=True)
class Neighborhood:
    """One neighborhood: its share of the listings, where it is, what it adds to log(price)."""

    name: str
    weight: float  # share of the listings before normalising
    latitude: float  # center, degrees
    longitude: float
    spread: float  # standard deviation around the center, degrees
    effect: float  # on log(price), beside the reference (the first one)


CITY = "Port Halden"
NEIGHBORHOODS = (
    Neighborhood("Old Harbor", 9.6, 40.0640, -124.0560, 0.0040, 0.00),
    Neighborhood("Lantern Quarter", 8.5, 40.0690, -124.0480, 0.0035, 0.10),
    Neighborhood("Ropewalk", 8.3, 40.0585, -124.0490, 0.0040, -0.05),
    Neighborhood("Custom House Square", 7.4, 40.0650, -124.0505, 0.0025, 0.16),
    Neighborhood("Gull Terrace", 5.8, 40.0740, -124.0575, 0.0035, 0.14),
    Neighborhood("Saltmarsh", 5.3, 40.0500, -124.0440, 0.0055, -0.16),
    Neighborhood("Fennel Hill", 4.9, 40.0755, -124.0440, 0.0040, 0.06),
    Neighborhood("Marrow Street", 4.4, 40.0620, -124.0410, 0.0035, -0.08),
    Neighborhood("North Strand", 3.9, 40.0850, -124.0640, 0.0055, 0.22),
    Neighborhood("Orchard Rise", 3.5, 40.0690, -124.0350, 0.0045, -0.04),
    Neighborhood("Brickfields", 3.2, 40.0550, -124.0340, 0.0050, -0.22),
    Neighborhood("St. Alder", 3.0, 40.0790, -124.0370, 0.0040, 0.08),
    Neighborhood("Cannery East", 2.7, 40.0535, -124.0530, 0.0030, 0.02),
    Neighborhood("Windlass", 2.6, 40.0605, -124.0580, 0.0025, 0.12),
    Neighborhood("Upper Mill", 2.5, 40.0870, -124.0420, 0.0045, -0.10),
    Neighborhood("Kettle Creek", 2.3, 40.0470, -124.0310, 0.0060, -0.20),
    Neighborhood("Harrow Park", 2.2, 40.0760, -124.0280, 0.0045, 0.04),
    Neighborhood("Lower Mill", 2.1, 40.0820, -124.0460, 0.0035, -0.12),
    Neighborhood("Tidewater", 2.0, 40.0440, -124.0480, 0.0045, 0.09),
    Neighborhood("Quarry Bank", 1.9, 40.0640, -124.0240, 0.0055, -0.26),
    Neighborhood("Belvedere Heights", 1.8, 40.0915, -124.0530, 0.0040, 0.34),
    Neighborhood("Foundry Yards", 1.7, 40.0515, -124.0250, 0.0045, -0.18),
    Neighborhood("Juniper Flats", 1.6, 40.0390, -124.0350, 0.0060, -0.28),
    Neighborhood("Chapel Green", 1.4, 40.0705, -124.0410, 0.0020, 0.13),
    Neighborhood("Heron Ponds", 1.0, 40.0950, -124.0350, 0.0055, -0.02),
    Neighborhood("Sandpiper Cove", 0.9, 40.0980, -124.0660, 0.0040, 0.40),
    Neighborhood("Observatory Ridge", 0.7, 40.0890, -124.0230, 0.0040, 0.18),
    Neighborhood("Ferry Landing", 0.4, 40.0570, -124.0600, 0.0015, 0.20),
    Neighborhood("Cedar Hollow", 0.28, 40.1010, -124.0470, 0.0035, -0.06),
    Neighborhood("Breakwater", 0.07, 40.0665, -124.0625, 0.0010, 0.28),
    Neighborhood("Lighthouse Point", 0.03, 40.1040, -124.0740, 0.0008, 0.45),
)
_MOVED = 4  # how many places on the popularity and the prices of the sibling's neighborhoods are


def neighborhoods(variant: Variant) -> tuple[Neighborhood, ...]:
    """The neighborhoods; in the sibling others are popular, and others dear."""
    if variant is Variant.COURSE:
        return NEIGHBORHOODS
    others = (*NEIGHBORHOODS[-_MOVED:], *NEIGHBORHOODS[:-_MOVED])
    return tuple(
        replace(place, weight=other.weight, effect=other.effect)
        for place, other in zip(NEIGHBORHOODS, others, strict=True)
    )


GIVEN_NAMES = (  # noqa: SIM905
    "Ada Adrian Agnes Alba Alma Amara Amir Ana Andre Anika Anton Arjun Astrid August Aya Beatriz "
    "Bela Bo Bruno Camila Carl Carmen Cedric Celia Chen Clara Conrad Dalia Dario Delia Diego Dora "
    "Edda Edgar Elena Elias Elif Elsa Emeka Emil Enzo Erin Esther Eva Fatima Felix Finn Flora "
    "Frida Gabriel Gita Greta Gustav Hana Hugo Ida Ilya Imani Ines Ingrid Iris Isaac Ivan Jana "
    "Jasper Jin Joan Jonas Judith Julia Kaya Kenji Kira Lars Layla Lea Leo Lina Linus Lucia Luis "
    "Mabel Magnus Malik Mara Marco Maria Marta Matteo Mei Mila Mina Miriam Nadia Naomi Nikhil Nina "
    "Noah Nora Olga Oscar Otto Pablo Paula Petra Priya Quentin Rafael Rana Rosa Ruben Ruth Sami "
    "Sara Selma Silas Sofia Stella Sven Tara Teodor Thea Tomas Ulla Uma Vera Victor Viola Wanda "
    "Willem Xenia Yara Yusuf Zara Zoe"
).split()
FAMILY_NAMES = (  # noqa: SIM905
    "Abara Adler Aguilar Ahmadi Alvarez Amado Andersen Arai Asante Baker Banerjee Barros Becker "
    "Bello Berg Bianchi Blake Bose Brandt Braun Castillo Chandra Chavez Conti Costa Cruz Dahl Dang "
    "Delgado Diallo Dietrich Doyle Duarte Dubois Eriksen Espinoza Farouk Fischer Flores Fontaine "
    "Fujita Garcia Gomez Grant Greco Gruber Gupta Haas Hahn Hansen Haruna Hoffmann Holm Ibrahim "
    "Ito Ivanov Jansen Jensen Joshi Kamau Kang Kaplan Keller Khan Kim Klein Kowalski Kruger Kumar "
    "Lam Larsen Laurent Lee Lehmann Lima Lopez Lund Maeda Marino Martin Mehta Mendes Meyer Miller "
    "Moreau Morris Mukherjee Nair Navarro Neumann Nguyen Nielsen Novak Oduya Okafor Olsen Ortiz "
    "Osei Owusu Park Patel Pereira Petrov Pham Pinto Popescu Quist Ramos Rao Reyes Ricci Rivera "
    "Roth Rossi Ruiz Sahin Santos Sato Schmidt Schwarz Sharma Silva Singh Soto Stein Suzuki Takeda "
    "Tanaka Torres Toure Tran Ueda Vance Vargas Vogel Wagner Walsh Weber Wong Xu Yamada Yilmaz "
    "Young Zhang Ziegler"
).split()
