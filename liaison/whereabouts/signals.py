"""What happens to a person's consent, told to the apps above."""

from django.dispatch import Signal

# person: User. Sent inside the transaction: whoever keeps positions of the person deletes them
# (个人信息保护法 Art. 47).
consent_withdrawn = Signal()
