"""The activation that every partner of PLP has by itself: pages, forms, printed mandate, programs (BL-03 to BL-05b, BL-14)."""
