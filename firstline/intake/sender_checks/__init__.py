"""Who a letter is really from: what servers wrote into its head, SPF, DKIM, DMARC, and names that pretend.

Pure: records of the DNS are an argument. `trust` is the verdict; `intake/proof.py` asks for it and keeps it.
"""
