"""DynamoDB: moto's, mended to be linear, asked directly, and stricter where moto is lenient."""
