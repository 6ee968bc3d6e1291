"""DynamoDB: moto's, changed to be linear, called directly, and stricter where moto is lenient."""
